// SPDX-License-Identifier: MIT
#include "engine/codec/span_codec.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace halo {
namespace {

// Owns the values that a Span refers to.
struct Sample {
  Resource resource;
  Span span;

  Sample() {
    resource.attributes = {{"service.name", Value::Text("shop")}, {"host.id", Value::Int(-7)}};
    resource.scope_name = "scope";
    resource.scope_version = "1.2";
    resource.scope_attributes = {{"beta", Value::Bool(true)}};
    span.trace_id = "0af7651916cd43dd8448eb211c80319c";
    span.span_id = "b7ad6b7169203331";
    span.parent_id = "00f067aa0ba902b7";
    span.trace_state = "a=b";
    span.name = "chat \xF0\x9F\x98\x80";
    span.otel_kind = "CLIENT";
    span.start_ns = 1'700'000'000'123'456'789;
    span.end_ns = 1'700'000'001'000'000'000;
    span.status = StatusCode::kError;
    span.status_message = "deadline";
    span.attributes = {{"text", Value::Text("hello")},
                       {"null", {}},
                       {"int", Value::Int(std::numeric_limits<std::int64_t>::min())},
                       {"real", Value::Double(0.1)},
                       {"json", Value::Json(R"({"a":[1,2]})")},
                       {"a.b.c", Value::Text("dotted")},
                       {"", Value::Text("no key")}};
    span.events = {{"exception", 5, {{"exception.message", Value::Text("boom")}}},
                   {"done", -3, {}}};
    span.links = R"([{"trace_id":"x"}])";
    span.resource = &resource;
  }

  std::string Encoded() const {
    std::string bytes;
    EncodeSpan(span, bytes);
    return bytes;
  }
};

OwnedSpan Decoded(std::string bytes) {
  Result<OwnedSpan> span = DecodeSpan(std::move(bytes));
  if (!span) FAIL(span.error().message);
  return std::move(*span);
}

std::string Encoded(const Span& span) {
  std::string bytes;
  EncodeSpan(span, bytes);
  return bytes;
}

TEST_CASE("a span survives encoding with every value and type") {
  const Sample sample;
  const OwnedSpan owned = Decoded(sample.Encoded());
  const Span& span = owned.span();
  CHECK(span.trace_id == sample.span.trace_id);
  CHECK(span.span_id == sample.span.span_id);
  CHECK(span.parent_id == sample.span.parent_id);
  CHECK(span.trace_state == "a=b");
  CHECK(span.name == sample.span.name);
  CHECK(span.otel_kind == "CLIENT");
  CHECK(span.start_ns == sample.span.start_ns);
  CHECK(span.end_ns == sample.span.end_ns);
  CHECK(span.status == StatusCode::kError);
  CHECK(span.status_message == "deadline");
  REQUIRE(span.attributes.size() == sample.span.attributes.size());
  for (std::size_t i = 0; i < span.attributes.size(); ++i) {
    const Attribute& is = span.attributes[i];
    const Attribute& was = sample.span.attributes[i];
    CHECK(is.key == was.key);
    CHECK(is.value.type == was.value.type);
    CHECK(is.value.integer == was.value.integer);
    CHECK(is.value.real == was.value.real);
    CHECK(is.value.text == was.value.text);
  }
  REQUIRE(span.events.size() == 2);
  CHECK(span.events[0].attributes[0].value.text == "boom");
  CHECK(span.events[1].time_ns == -3);
  CHECK(span.links == sample.span.links);
  REQUIRE(span.resource != nullptr);
  CHECK(span.resource->attributes[1].value.integer == -7);
  CHECK(span.resource->scope_version == "1.2");
  CHECK(span.resource->scope_attributes[0].value.type == Value::Type::kBool);
  CHECK(Encoded(span) == sample.Encoded());
}

TEST_CASE("spans written one after the other can be walked") {
  const Sample sample;
  std::string block = sample.Encoded();
  const std::size_t first = block.size();
  Span empty;
  EncodeSpan(empty, block);
  CHECK(EncodedSize(block) == first);
  CHECK(EncodedSize(std::string_view(block).substr(first)) == block.size() - first);
  CHECK(EncodedSize("abc") == 0);
  CHECK(Decoded(block.substr(first)).span().attributes.empty());
}

TEST_CASE("bytes that are no span are refused") {
  const std::string good = Sample().Encoded();
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    CHECK(!DecodeSpan(good.substr(0, cut)).has_value());
  }
  CHECK(!DecodeSpan(good + "x").has_value());
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    bad[4 + random() % (bad.size() - 4)] = static_cast<char>(random());
    const Result<OwnedSpan> span = DecodeSpan(bad);
    if (span) CHECK(Encoded(span->span()).size() <= bad.size());
  }
}

TEST_CASE("values are found by their path") {
  const Sample sample;
  CHECK(ValueAt(sample.span, "name")->text == sample.span.name);
  CHECK(ValueAt(sample.span, "status.message")->text == "deadline");
  CHECK(ValueAt(sample.span, "attributes.a.b.c")->text == "dotted");
  CHECK(ValueAt(sample.span, "attributes.")->text == "no key");
  CHECK(ValueAt(sample.span, "events[0].attributes.exception.message")->text == "boom");
  CHECK(ValueAt(sample.span, "events[1].name")->text == "done");
  CHECK(ValueAt(sample.span, "resource.service.name")->text == "shop");
  for (const char* path : {"", "attributes.none", "events[2].name", "events[0]", "events[x].name",
                           "events[99999999999999999999].name", "resource.none", "links"}) {
    CHECK(!ValueAt(sample.span, path).has_value());
  }
}

TEST_CASE("every text is visited under a path that finds it") {
  const Sample sample;
  std::vector<std::string> paths;
  ForEachText(sample.span, [&](std::string_view path, std::string_view text) {
    paths.emplace_back(path);
    CHECK(ValueAt(sample.span, path)->text == text);
    return true;
  });
  CHECK(paths ==
        std::vector<std::string>{"name", "status.message", "attributes.text", "attributes.json",
                                 "attributes.a.b.c", "attributes.", "events[0].name",
                                 "events[0].attributes.exception.message", "events[1].name"});
}

// Versions that differ in end, content and events.
std::vector<std::string> Versions() {
  std::vector<std::string> versions;
  for (int i = 0; i < 12; ++i) {
    Sample sample;
    sample.span.end_ns = std::array<std::int64_t, 3>{0, 50, 90}[static_cast<std::size_t>(i % 3)];
    const std::string text = "version " + std::to_string(i / 6);
    sample.span.status_message = text;
    const std::string event = "event " + std::to_string(i % 4);
    sample.span.events = {{event, i % 2, {}}, {"same", 7, {}}};
    versions.push_back(sample.Encoded());
  }
  return versions;
}

TEST_CASE("an ended version beats an open one, then the later end wins") {
  Sample open, early, late;
  open.span.end_ns = 0;
  early.span.end_ns = 10;
  late.span.end_ns = 20;
  const auto merged = [](const Sample& a, const Sample& b) {
    return MergeVersions(Decoded(a.Encoded()), Decoded(b.Encoded())).span().end_ns;
  };
  CHECK(merged(open, early) == 10);
  CHECK(merged(early, open) == 10);
  CHECK(merged(late, early) == 20);
  CHECK(merged(early, late) == 20);
}

TEST_CASE("merging unites events in order, each once") {
  Sample a, b;
  a.span.events = {{"late", 9, {}}, {"both", 5, {}}};
  b.span.events = {{"both", 5, {}}, {"early", 1, {}}};
  const OwnedSpan merged = MergeVersions(Decoded(a.Encoded()), Decoded(b.Encoded()));
  REQUIRE(merged.span().events.size() == 3);
  CHECK(merged.span().events[0].name == "early");
  CHECK(merged.span().events[1].name == "both");
  CHECK(merged.span().events[2].name == "late");
}

TEST_CASE("merging versions does not depend on their order or grouping") {
  const std::vector<std::string> versions = Versions();
  const auto fold = [&](const std::vector<std::size_t>& order) {
    OwnedSpan all = Decoded(versions[order[0]]);
    for (std::size_t i = 1; i < order.size(); ++i) {
      all = MergeVersions(all, Decoded(versions[order[i]]));
    }
    return Encoded(all.span());
  };
  std::vector<std::size_t> order(versions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::string expected = fold(order);
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    CHECK(fold(order) == expected);
  }
  for (std::size_t i = 0; i + 2 < versions.size(); ++i) {
    const auto of = [&](std::size_t at) { return Decoded(versions[at]); };
    CHECK(Encoded(MergeVersions(MergeVersions(of(i), of(i + 1)), of(i + 2)).span()) ==
          Encoded(MergeVersions(of(i), MergeVersions(of(i + 1), of(i + 2))).span()));
  }
}

// One after the other, the events would be copied as often as there are versions, which takes
// hours.
TEST_CASE("tens of thousands of versions, each with an event of its own, are merged") {
  constexpr std::size_t kVersions = 60'000;
  std::vector<OwnedSpan> versions;
  for (std::size_t i = 0; i < kVersions; ++i) {
    Sample sample;
    sample.span.end_ns = static_cast<std::int64_t>(i + 1);
    sample.span.events = {{"own", static_cast<std::int64_t>(kVersions - i), {}}, {"same", 7, {}}};
    versions.push_back(Decoded(sample.Encoded()));
  }
  const OwnedSpan merged = MergeVersions(std::move(versions));
  CHECK(merged.span().events.size() == kVersions + 1);
  CHECK(merged.span().end_ns == static_cast<std::int64_t>(kVersions));

  std::vector<OwnedSpan> few;
  for (const std::string& version : Versions()) few.push_back(Decoded(version));
  OwnedSpan folded = Decoded(Versions().front());
  for (const std::string& version : Versions()) folded = MergeVersions(folded, Decoded(version));
  CHECK(Encoded(MergeVersions(std::move(few)).span()) == Encoded(folded.span()));
}

}  // namespace
}  // namespace halo
