// SPDX-License-Identifier: MIT
// What OTLP in protobuf gives that is broken, and what is taken for it.
#include <catch2/catch.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

#include "engine/framing/record.h"
#include "engine/importers/choose_importer.h"
#include "engine/importers/otlp_json.h"
#include "engine/importers/otlp_protobuf.h"
#include "tests/unit/importers/otlp_both.h"

namespace halo {
namespace {

using namespace std::string_literals;
using protozero::pbf_writer;
using Strings = std::vector<std::string>;

std::string ReasonOf(const std::string& reject) { return reject.substr(0, reject.find(' ')); }

Strings Reasons(const WhatCame& came) {
  Strings out;
  for (const std::string& reject : came.rejects) out.push_back(ReasonOf(reject));
  return out;
}

Both SpanNumber(int number) {
  BothSpan span;
  span.span_id = std::string(7, '\x22') + static_cast<char>(number + 1);
  span.name = "span " + std::to_string(number);
  span.attributes = {{"number", IntValue(number)}};
  return SpanOf(span);
}

// A request with the span between two that are as they should be.
std::string Around(const std::string& span) {
  return RequestOfSpans({SpanNumber(0), {span, "{}"}, SpanNumber(1)}).proto;
}

// The span with more fields.
template <class Add>
std::string SpanWith(Add add) {
  std::string span = SpanNumber(7).proto;
  pbf_writer writer(span);
  add(writer);
  return span;
}

std::string Uint32Message(std::string_view bytes) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(bytes.size() >> shift);
  return out + std::string(bytes);
}

std::string VarintMessage(std::string_view bytes) {
  std::string out;
  protozero::add_varint_to_buffer(&out, bytes.size());
  return out + std::string(bytes);
}

TEST_CASE("of a request that is cut anywhere what is complete is read") {
  const std::vector<Both> spans = {SpanNumber(0), SpanNumber(1), SpanNumber(2)};
  const Both second = ResourceSpansOf({{"service.name", StringValue("other")}},
                                      {ScopeSpansOf("scope", "2", {}, {spans[2]})});
  const Both first = ResourceSpansOf({{"service.name", StringValue("shop")}},
                                     {ScopeSpansOf("scope", "1", {}, {spans[0], spans[1]})});
  const std::string request = RequestOf({first, second}).proto;
  const std::size_t first_end = RequestOf({first}).proto.size();
  const WhatCame whole = ReadBy(kOtlpProtobuf, request);
  REQUIRE(whole.spans.size() == 3);
  for (std::size_t size = 1; size < request.size(); ++size) {
    INFO(size);
    const std::string cut = request.substr(0, size);
    std::size_t complete = 0;
    for (const Both& span : spans) complete += cut.find(span.proto) != cut.npos;
    const WhatCame came = ReadBy(kOtlpProtobuf, cut);
    REQUIRE(came.spans == Strings(whole.spans.begin(), whole.spans.begin() + complete));
    REQUIRE(Reasons(came) == (size == first_end ? Strings() : Strings{"truncated_input"}));
  }
}

TEST_CASE("of streams of messages that are cut anywhere what is complete is read") {
  const struct {
    const Importer& importer;
    std::string (*frame)(std::string_view);
  } kFramings[] = {{kOtlpProtobufUint32, Uint32Message}, {kOtlpProtobufVarint, VarintMessage}};
  for (const auto& framing : kFramings) {
    const std::string first = framing.frame(RequestOfSpans({SpanNumber(0)}).proto);
    const std::string all =
        first + framing.frame("") + framing.frame(RequestOfSpans({SpanNumber(1)}).proto);
    const WhatCame whole = ReadBy(framing.importer, all);
    CHECK(whole.spans.size() == 2);
    CHECK(whole.rejects == Strings());
    CHECK((*ChooseImporter(all, "x"))->name == framing.importer.name);
    for (std::size_t size = 1; size < all.size(); ++size) {
      const WhatCame came = ReadBy(framing.importer, all.substr(0, size));
      REQUIRE(came.spans.size() == (size >= first.size() ? 1 : 0));
      const bool between = size == first.size() || all.substr(0, size) == first + framing.frame("");
      REQUIRE(Reasons(came) == (between ? Strings() : Strings{"truncated_input"}));
    }
  }
}

TEST_CASE("a broken span is rejected alone") {
  const auto tag_and_type = [](int number, int type) {
    return static_cast<char>(number << 3 | type);
  };
  BothSpan no_trace, zero_trace, no_id;
  no_trace.trace_id.clear();
  zero_trace.trace_id.assign(16, '\0');
  no_id.span_id.assign(8, '\0');
  const std::string span = SpanNumber(7).proto;
  const struct {
    std::string span, reason;
  } kCases[] = {
      {SpanOf(no_trace).proto, "missing_trace_id"},
      {SpanOf(zero_trace).proto, "missing_trace_id"},
      {SpanOf(no_id).proto, "missing_span_id"},
      {"", "missing_trace_id"},
      {SpanWith([](pbf_writer& w) { w.add_uint64(1, 5); }), "wrong_type"},
      {SpanWith([](pbf_writer& w) { w.add_fixed64(2, 5); }), "wrong_type"},
      {SpanWith([](pbf_writer& w) { w.add_uint64(7, 5); }), "wrong_type"},
      {SpanWith([](pbf_writer& w) { w.add_string(8, "5"); }), "wrong_type"},
      // A group begins and ends; wire types that do not exist; field 0.
      {span + tag_and_type(9, 3) + tag_and_type(9, 4), "invalid_protobuf"},
      {span + tag_and_type(9, 4), "invalid_protobuf"},
      {span + tag_and_type(9, 6), "invalid_protobuf"},
      {span + tag_and_type(9, 7), "invalid_protobuf"},
      {span + tag_and_type(0, 2), "invalid_protobuf"},
      // Varints of more than ten bytes, as a tag, a number and a length.
      {span + std::string(11, '\xFF'), "invalid_protobuf"},
      {span + tag_and_type(6, 0) + std::string(10, '\x80') + "\1", "invalid_protobuf"},
      {span + tag_and_type(9, 2) + std::string(10, '\xFF') + "\1", "invalid_protobuf"},
      // Lengths beyond the span, beyond 32 bits (5 in the lower ones), and beyond 63 bits.
      {span + tag_and_type(9, 2) + "\x7F" + "abc", "invalid_protobuf"},
      {span + tag_and_type(9, 2) + "\x85\x80\x80\x80\x10" + "abcde", "invalid_protobuf"},
      {span + tag_and_type(9, 2) + std::string(9, '\xFF') + "\1", "invalid_protobuf"},
      {span + tag_and_type(8, 1) + "1234", "invalid_protobuf"},
      {span + tag_and_type(9, 2), "invalid_protobuf"},
  };
  const Strings good = ReadBy(kOtlpProtobuf, Around(span)).spans;
  REQUIRE(good.size() == 3);
  for (const auto& one : kCases) {
    INFO(one.reason << " " << one.span.size());
    const WhatCame came = ReadBy(kOtlpProtobuf, Around(one.span));
    CHECK(came.spans == Strings{good[0], good[2]});
    CHECK(Reasons(came) == Strings{one.reason});
  }
}

TEST_CASE("a broken part costs its span that part alone") {
  const std::string group = "\x0B\x0C";
  const struct {
    std::string span, loss;
  } kCases[] = {
      {SpanWith([&](pbf_writer& w) { w.add_message(9, group); }), "attribute"},
      {SpanWith([](pbf_writer& w) { w.add_uint64(9, 1); }), "attribute"},
      {SpanWith([](pbf_writer& w) { w.add_message(9, "\x0A\x01k\x12\x02\x08\x01"s); }),
       "attribute"},
      {SpanWith([](pbf_writer& w) { w.add_message(9, "\x0A\x01k\x12\x05\x2A\x03\x0A\x7F."s); }),
       "attribute"},
      {SpanWith([&](pbf_writer& w) { w.add_message(11, group); }), "event"},
      {SpanWith([](pbf_writer& w) { w.add_message(11, "\x08\x01"s); }), "time of an event"},
      {SpanWith([&](pbf_writer& w) { w.add_message(13, group); }), "link"},
      {SpanWith([](pbf_writer& w) { w.add_fixed32(13, 1); }), "link"},
      {SpanWith([&](pbf_writer& w) { w.add_message(15, group); }), "status"},
      {SpanWith([](pbf_writer& w) { w.add_uint64(5, 1); }), "name"},
      {SpanWith([](pbf_writer& w) { w.add_string(6, "CLIENT"); }), "kind"},
  };
  for (const auto& one : kCases) {
    INFO(one.loss);
    const WhatCame came = ReadBy(kOtlpProtobuf, Around(one.span));
    CHECK(came.spans.size() == 3);
    REQUIRE(came.rejects.size() == 1);
    CHECK(ReasonOf(came.rejects[0]) == "malformed_part");
    CHECK(came.rejects[0].ends_with("'span 7': " + one.loss));
  }
}

TEST_CASE("broken messages around spans keep the spans of others") {
  const Both good = ResourceSpansOf({}, {ScopeSpansOf("s", "1", {}, {SpanNumber(0)})});
  const auto read = [&](const std::string& resource_spans) {
    return ReadBy(kOtlpProtobuf, RequestOf({good, {resource_spans, ""}, good}).proto);
  };
  const auto check = [&](const std::string& resource_spans, std::size_t spans,
                         const std::string& reason) {
    const WhatCame came = read(resource_spans);
    INFO(reason);
    CHECK(came.spans.size() == spans);
    CHECK(Reasons(came) == Strings{reason});
  };
  check(good.proto + "\x0B", 3, "invalid_protobuf");
  check(good.proto + "\x12\x7F\x12\x01", 3, "invalid_protobuf");
  std::string wrong = good.proto;
  pbf_writer(wrong).add_uint64(2, 1);
  check(wrong, 3, "wrong_type");
  wrong = good.proto;
  pbf_writer(wrong).add_uint64(1, 1);  // a second resource
  check(wrong, 3, "malformed_part");
  wrong.clear();
  pbf_writer(wrong).add_message(2, "\x10\x01"s);  // a span that is a number
  check(wrong, 2, "wrong_type");

  std::string top = RequestOf({good}).proto;
  pbf_writer(top).add_uint64(1, 1);
  CHECK(Reasons(ReadBy(kOtlpProtobuf, top)) == Strings{"wrong_type"});
  CHECK(Reasons(ReadBy(kOtlpProtobuf, "\x12\x01x")) == Strings{"not_a_span"});
}

TEST_CASE("unknown fields are skipped") {
  const auto add = [](std::string message) {
    pbf_writer writer(message);
    writer.add_string(100, "later");
    writer.add_uint64(101, 1);
    writer.add_fixed32(102, 1);
    writer.add_fixed64(103, 1);
    return message;
  };
  const Both span = {add(SpanNumber(0).proto), ""};
  const Both scope_spans = {add(ScopeSpansOf("scope", "1.0", {}, {span}).proto), ""};
  const Both resource_spans = {
      add(ResourceSpansOf({{"service.name", StringValue("shop")}}, {scope_spans}).proto), ""};
  const WhatCame came = ReadBy(kOtlpProtobuf, add(RequestOf({resource_spans}).proto));
  CHECK(came.rejects == Strings());
  CHECK(came.spans == ReadBy(kOtlpProtobuf, RequestOfSpans({SpanNumber(0)}).proto).spans);
}

TEST_CASE("text that is not UTF-8 is repaired as in OTLP/JSON") {
  for (const std::string bad : {"a\xFFz", "\xE2\x82", "\xED\xA0\x80", "\xC0\xAFok", "\x80\x80"}) {
    BothSpan span;
    span.name = bad;
    span.status_message = bad;
    span.attributes = {{"key " + bad, StringValue(bad)},
                       {"list", ArrayValue({StringValue(bad)})},
                       {"map", MapValue({{bad, IntValue(1)}})}};
    const Both request = RequestOfSpans({SpanOf(span)});
    const WhatCame proto = ReadBy(kOtlpProtobuf, request.proto);
    CHECK(proto.spans == ReadBy(kOtlpJson, request.json).spans);
    CHECK(proto.rejects == Strings());
  }
}

TEST_CASE("an input that is too large to be read as a whole is rejected by name") {
  BothSpan span;
  span.attributes = {{"large", StringValue(std::string(kMaxSpanBytes, 'x'))}};
  const std::string large = RequestOfSpans({SpanOf(span)}).proto;
  CHECK(Reasons(ReadBy(kOtlpProtobuf, large)) == Strings{"record_too_large"});
  const WhatCame came =
      ReadBy(kOtlpProtobufUint32,
             Uint32Message(large) + Uint32Message(RequestOfSpans({SpanNumber(0)}).proto));
  CHECK(came.spans.size() == 1);
  CHECK(Reasons(came) == Strings{"record_too_large"});
}

std::string Chosen(std::string_view start) {
  const Result<const Importer*> importer = ChooseImporter(start, "x");
  return importer ? std::string((*importer)->name) : "";
}

TEST_CASE("the first bytes tell the framings of OTLP in protobuf") {
  const std::string request = RequestOfSpans({SpanNumber(0), SpanNumber(1)}).proto;
  CHECK(Chosen(request) == "otlp_protobuf");
  CHECK(Chosen(request + request) == "otlp_protobuf");
  CHECK(Chosen(Uint32Message(request)) == "otlp_protobuf_uint32");
  CHECK(Chosen(Uint32Message("") + Uint32Message(request)) == "otlp_protobuf_uint32");
  CHECK(Chosen(VarintMessage(request)) == "otlp_protobuf_varint");
  CHECK(Chosen(VarintMessage("") + VarintMessage(request)) == "otlp_protobuf_varint");
  // JSON in a text, or a broken first span, does not mislead.
  BothSpan span;
  span.name = "\n{\"resourceSpans\":[]}\n";
  CHECK(Chosen(RequestOfSpans({SpanOf(span)}).proto) == "otlp_protobuf");
  CHECK(Chosen(RequestOfSpans({{"\x0B\x0C", ""}, SpanNumber(0)}).proto) == "otlp_protobuf");
  // A message that is longer than what is looked at, or not complete yet.
  Attributes many;
  for (int i = 0; i < 3000; ++i)
    many.emplace_back("key." + std::to_string(i), StringValue("some value"));
  const std::string large =
      RequestOf({ResourceSpansOf(many, {ScopeSpansOf("s", "1", {}, {SpanNumber(0)})})}).proto;
  REQUIRE(large.size() > 64 << 10);
  CHECK(Chosen(large) == "otlp_protobuf");
  CHECK(Chosen(Uint32Message(large)) == "otlp_protobuf_uint32");
  CHECK(Chosen(VarintMessage(large)) == "otlp_protobuf_varint");
  CHECK(Chosen(Uint32Message(request).substr(0, 6)) == "otlp_protobuf_uint32");
}

// What OTLP logs and metrics have in place of a span.
std::string OtherSignal(const std::string& record) { return RequestOfSpans({{record, ""}}).proto; }

TEST_CASE("nothing else is taken for OTLP in protobuf") {
  std::string log, metric, point;
  pbf_writer log_writer(log), metric_writer(metric);
  log_writer.add_fixed64(1, 1'764'100'000'000'000'001);
  log_writer.add_int32(2, 9);
  log_writer.add_message(5, StringValue("it happened").proto);
  log_writer.add_fixed64(11, 1'764'100'000'000'000'001);
  metric_writer.add_string(1, "sixteen.letters.");
  metric_writer.add_string(2, "8letters");
  metric_writer.add_message(7, "\x0A\x00"s);
  const std::string others[] = {
      OtherSignal(metric),
      Uint32Message(OtherSignal(metric)),
      VarintMessage(OtherSignal(metric)),
      "",
      "\n",
      std::string(200, '\n'),
      std::string(200, '\0'),
      std::string(200, '\xFF'),
      "\n{\"a\": 1}\n{\"b\": 2}\n",
      "\n\n  {\"foo\": [1, 2, 3]}\n",
      "a\nhello\n",
      "d\n# Title\n\ntext of a page that goes on and on and on and on\n",
      "\x1F\x8B\x08\0\0\0\0\0"s,
      "\x28\xB5\x2F\xFD\x04\0"s,
      "\x0A\xC8\x01\x0A\0\0\0"s,
      "\x7F"
      "ELF\2\1\1\0"s,
      "\0\0\0\x08\x0A\x06qwerty\0\0"s,
  };
  for (const std::string& other : others) {
    INFO(other.substr(0, 20));
    CHECK(Chosen(other) == "");
  }
  CHECK(Chosen(OtherSignal(log)) == "otlp_protobuf");
  CHECK(Chosen(Uint32Message(OtherSignal(log))) == "otlp_protobuf_uint32");
  CHECK(Chosen("\n{\"resourceSpans\":[]}") == "otlp_json");
  CHECK(Chosen(RequestOfSpans({SpanNumber(0)}).json) == "otlp_json");
  CHECK(Chosen("\n\n" + RequestOfSpans({SpanNumber(0)}).json) == "otlp_json");
  CHECK(
      Chosen("\n{\"trace_id\":\"t\",\"span_id\":\"s\",\"start_time\":\"2026-01-01T00:00:00Z\"}") ==
      "halo_jsonl");
}

}  // namespace
}  // namespace halo
