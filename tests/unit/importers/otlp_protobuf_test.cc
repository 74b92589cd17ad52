// SPDX-License-Identifier: MIT
// OTLP in protobuf gives the spans that OTLP/JSON gives.
#include "engine/importers/otlp_protobuf.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <protozero/pbf_writer.hpp>
#include <regex>
#include <string>
#include <vector>

#include "engine/importers/choose_importer.h"
#include "engine/importers/otlp_json.h"
#include "engine/sources/file_source.h"
#include "tests/support/source_dir.h"
#include "tests/unit/importers/otlp_both.h"

namespace halo {
namespace {

using namespace std::string_literals;
using protozero::pbf_writer;
using Strings = std::vector<std::string>;

void CheckSame(const Both& request, std::size_t spans) {
  const WhatCame proto = ReadBy(kOtlpProtobuf, request.proto);
  const WhatCame json = ReadBy(kOtlpJson, request.json);
  CHECK(proto.rejects == Strings());
  CHECK(json.rejects == Strings());
  CHECK(json.spans.size() == spans);
  CHECK(proto.spans == json.spans);
}

Both RequestWith(const Both& value) {
  BothSpan span;
  span.attributes = {
      {"value", value}, {"list", ArrayValue({value})}, {"map", MapValue({{"k", value}})}};
  return RequestOfSpans({SpanOf(span)});
}

TEST_CASE("a value of each type is what it is in OTLP/JSON, also inside of others") {
  using Limits = std::numeric_limits<double>;
  const Both values[] = {
      NoValue(),
      StringValue(""),
      StringValue("caf\xC3\xA9 \xF0\x9F\x98\x80 \"quoted\" \\ \n\t\x01 end"),
      StringValue("zero \0 inside"s),
      BoolValue(true),
      BoolValue(false),
      IntValue(0),
      IntValue(-1),
      IntValue(std::numeric_limits<std::int64_t>::max()),
      IntValue(std::numeric_limits<std::int64_t>::min()),
      DoubleValue(0, "0"),
      DoubleValue(0.1, "0.1"),
      DoubleValue(3, "3"),
      DoubleValue(-2.5e-300, "-2.5e-300"),
      DoubleValue(1e16, "10000000000000000"),
      DoubleValue(1e22, "1e22"),
      DoubleValue(Limits::infinity(), "\"Infinity\""),
      DoubleValue(-Limits::infinity(), "\"-Infinity\""),
      BytesValue("", ""),
      BytesValue("h", "aA=="),
      BytesValue("ha", "aGE="),
      BytesValue("halo", "aGFsbw=="),
      BytesValue("\xFF\xFE\xFB\0\x10"s, "//77ABA="),
      ArrayValue({}),
      MapValue({}),
      ArrayValue({StringValue("a\nb"), IntValue(2), ArrayValue({}), NoValue()}),
      MapValue(
          {{"k", BoolValue(false)}, {"", IntValue(1)}, {"deep", MapValue({{"x", NoValue()}})}}),
  };
  for (const Both& value : values) {
    INFO(value.json);
    CheckSame(RequestWith(value), 1);
  }
  // Not equal to itself, but stored alike.
  CheckSame(RequestWith(DoubleValue(Limits::quiet_NaN(), "\"NaN\"")), 1);
}

TEST_CASE("each part of a span is what it is in OTLP/JSON") {
  BothSpan full;
  full.parent_id = "\x01\x02\x03\x04\xAB\xCD\xEF\0"s;
  full.trace_state = "vendor=1";
  full.name = "chat \xE2\x82\xAC";
  full.kind = 3;
  full.status = 2;
  full.status_message = "it failed";
  full.attributes = {{"a", IntValue(1)}, {"", StringValue("no key")}, {"a", IntValue(2)}};
  full.events = {
      EventOf(1'764'100'000'100'000'000, "exception", {{"exception.message", StringValue("boom")}}),
      EventOf(0, "no time", {})};
  full.links = {LinkOf(std::string(16, '\x33'), std::string(8, '\x44'), {}),
                LinkOf(std::string(16, '\x55'), std::string(8, '\0'),
                       {{"why", MapValue({{"x", IntValue(1)}})}, {"n", DoubleValue(0.5, "0.5")}})};
  BothSpan open;
  open.span_id = std::string(8, '\x23');
  open.end = 0;
  open.status = 1;
  BothSpan odd;
  odd.trace_id = "\xAB\xCD";
  odd.span_id = std::string(12, '\x07');
  odd.kind = 99;
  odd.start = 1'764'100'000;  // seconds
  odd.end = 1'764'100'001;
  const Attributes scope = {{"scope.key", BoolValue(true)}};
  const Attributes resource = {{"service.name", StringValue("shop")},
                               {"process.command_args", ArrayValue({StringValue("node")})}};
  CheckSame(RequestOf({ResourceSpansOf(resource, {ScopeSpansOf("one", "1", scope, {SpanOf(full)}),
                                                  ScopeSpansOf("two", "", {}, {SpanOf(open)})}),
                       ResourceSpansOf({}, {ScopeSpansOf("", "", {}, {SpanOf(odd)})})}),
            3);
}

TEST_CASE("a resource or scope may follow its spans, and old names of lists are read") {
  const Both span = SpanOf({});
  std::string resource, scope, key_value, scope_spans, resource_spans, request;
  pbf_writer(key_value).add_string(1, "service.name");
  pbf_writer(key_value).add_message(2, StringValue("shop").proto);
  pbf_writer(resource).add_message(1, key_value);
  pbf_writer(scope).add_string(1, "scope");
  pbf_writer(scope).add_string(2, "1.0");
  pbf_writer(scope_spans).add_message(2, span.proto);
  pbf_writer(scope_spans).add_message(1, scope);
  pbf_writer(resource_spans).add_message(1000, scope_spans);
  pbf_writer(resource_spans).add_message(1, resource);
  pbf_writer(request).add_message(1, resource_spans);
  CHECK(ReadBy(kOtlpProtobuf, request).spans ==
        ReadBy(kOtlpJson, RequestOfSpans({span}).json).spans);
}

TEST_CASE("implausible times are lost alike") {
  for (const std::uint64_t time : {std::uint64_t{1}, std::uint64_t{5'000'000'000'000'000'000},
                                   std::numeric_limits<std::uint64_t>::max()}) {
    INFO(time);
    BothSpan span;
    span.start = time;
    span.events = {EventOf(time, "event", {})};
    const Both request = RequestOfSpans({SpanOf(span)});
    const WhatCame proto = ReadBy(kOtlpProtobuf, request.proto);
    const WhatCame json = ReadBy(kOtlpJson, request.json);
    CHECK(proto.spans == json.spans);
    CHECK(proto.rejects.size() == json.rejects.size());
    for (const std::string& reject : proto.rejects) CHECK(reject.starts_with("implausible_time"));
  }
}

TEST_CASE("values are nested as deep as in OTLP/JSON, and no deeper") {
  for (const bool in_maps : {false, true}) {
    Both value = IntValue(1);
    bool was_lost = false;
    for (int depth = 1; depth <= 110; ++depth) {
      value = in_maps ? MapValue({{"k", value}}) : ArrayValue({value});
      BothSpan span;
      span.attributes = {{"deep", value}, {"flat", IntValue(1)}};
      span.links = {LinkOf(std::string(16, '\x33'), std::string(8, '\x44'), {{"deep", value}})};
      const Both request = RequestOfSpans({SpanOf(span)});
      const WhatCame proto = ReadBy(kOtlpProtobuf, request.proto);
      const WhatCame json = ReadBy(kOtlpJson, request.json);
      INFO(depth);
      REQUIRE(proto.spans == json.spans);
      REQUIRE(proto.rejects.size() == json.rejects.size());
      for (const std::string& reject : proto.rejects) {
        CHECK(reject.starts_with("nested_too_deeply"));
        was_lost = true;
      }
    }
    CHECK(was_lost);
  }
}

std::string ReadAll(const std::string& path) {
  auto source = OpenFile(path, std::nullopt);
  REQUIRE(source.has_value());
  std::string out, part(64 << 10, '\0');
  for (std::size_t got = 1; got > 0;) {
    REQUIRE((**source)->Read(part, got).has_value());
    out.append(part, 0, got);
  }
  return out;
}

// The recorder replaces ports in the JSON only.
Strings WithoutHashAndPorts(Strings spans) {
  static const std::regex kVaries("  hash [0-9]+|127\\.0\\.0\\.1:[0-9]+|port = int [0-9]+");
  for (std::string& span : spans) span = std::regex_replace(span, kVaries, "");
  std::sort(spans.begin(), spans.end());
  return spans;
}

TEST_CASE("recorded bodies give the spans of their JSON") {
  const std::string folder = (SourceDir() / "examples/emitters").string();
  const struct {
    std::string body, lines;
    std::size_t spans;
  } kRecorded[] = {
      {folder + "/ai/success.binpb", folder + "/ai/traces.jsonl", 6},
      {folder + "/openinference-openai/success.binpb",
       folder + "/openinference-openai/traces.jsonl.gz", 4},
  };
  for (const auto& recorded : kRecorded) {
    INFO(recorded.body);
    const std::string body = ReadAll(recorded.body), lines = ReadAll(recorded.lines);
    const auto importer = ChooseImporter(body, "body");
    REQUIRE(importer.has_value());
    CHECK((*importer)->name == "otlp_protobuf");
    const WhatCame proto = ReadBy(**importer, body);
    const WhatCame json = ReadBy(kOtlpJson, lines.substr(0, lines.find('\n')));
    CHECK(proto.rejects == Strings());
    CHECK(proto.spans.size() == recorded.spans);
    CHECK(WithoutHashAndPorts(proto.spans) == WithoutHashAndPorts(json.spans));
  }
}

}  // namespace
}  // namespace halo
