// SPDX-License-Identifier: MIT
#include "engine/ingest/log_twins.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "engine/model/reading.h"

namespace halo {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kStart = 1'764'100'000'000'000'000;

// The spans of a trace, and the ids of their calls.
struct Spans {
  SpanFacts& Add(const char* id, Kind kind, bool from_log, std::int64_t end_ms) {
    SpanFacts& span = spans.emplace_back();
    span.span_id = words.Intern(id);
    span.kind = kind;
    span.start_ns = kStart;
    span.end_ns = kStart + end_ms * kMs;
    span.content_hash = spans.size();
    if (from_log) span.readings = BitOf(Reading::kFromLog);
    return span;
  }
  SpanFacts& Call(const char* id, bool from_log, std::int64_t end_ms, std::int64_t tokens) {
    SpanFacts& span = Add(id, Kind::kLlm, from_log, end_ms);
    span.has_usage = tokens > 0;
    span.usage.input = tokens;
    return span;
  }
  void Tool(const char* id, bool from_log, const char* call) {
    calls[words.Intern(id)] = call;
    Add(id, Kind::kTool, from_log, 1);
  }

  // The ids after matching, in the order in which the spans were added.
  std::string Match() {
    RelabelLogTwins(spans, words, [&](const std::vector<std::size_t>& indexes) {
      std::vector<std::string> ids;
      for (const std::size_t i : indexes) ids.push_back(calls[spans[i].span_id]);
      return ids;
    });
    std::sort(spans.begin(), spans.end(), [](const SpanFacts& a, const SpanFacts& b) {
      return a.content_hash < b.content_hash;
    });
    std::string ids;
    for (const SpanFacts& span : spans) ids += std::string(words[span.span_id]) + " ";
    return ids;
  }

  StringPool words;
  std::vector<SpanFacts> spans;
  std::map<StringId, std::string> calls;
};

TEST_CASE("a tool's records belong to the span with the same call, others stay") {
  Spans all;
  all.Tool("real", false, "call_1");
  all.Tool("log", true, "call_1");
  all.Tool("alone", true, "call_2");
  all.Tool("without", true, "");
  all.Tool("real2", false, "");
  CHECK(all.Match() == "real real alone without real2 ");
}

TEST_CASE("model calls pair by their tokens, each once, the nearest in time first") {
  Spans all;
  all.Call("real1", false, 100, 50);
  all.Call("real2", false, 200, 50);
  all.Call("real3", false, 300, 70);
  all.Call("log1", true, 101, 50);
  all.Call("log2", true, 203, 50);
  all.Call("log3", true, 304, 71);
  all.Call("log4", true, 305, 50);
  CHECK(all.Match() == "real1 real2 real3 real1 real2 log3 log4 ");
}

TEST_CASE("failed calls without tokens pair within a second") {
  Spans all;
  all.Call("real", false, 100, 0).failed = true;
  all.Call("fine", false, 100, 0);
  all.Call("log", true, 150, 0).failed = true;
  all.Call("late", true, 5000, 0).failed = true;
  CHECK(all.Match() == "real fine real late ");
}

TEST_CASE("a turn belongs to the agent's span of its session") {
  Spans all;
  all.Add("real", Kind::kAgent, false, 100).session = all.words.Intern("s");
  all.Add("other", Kind::kAgent, false, 100).session = all.words.Intern("t");
  all.Add("log", Kind::kAgent, true, 100).session = all.words.Intern("s");
  all.Add("unknown", Kind::kAgent, true, 100);
  CHECK(all.Match() == "real other real unknown ");
}

TEST_CASE("spans of one origin have no twins, and the order does not matter") {
  Spans logs;
  logs.Call("a", true, 1, 5);
  logs.Call("b", true, 2, 5);
  CHECK_FALSE(MayHaveLogTwins(logs.spans));
  CHECK(AreFromLogs(logs.spans));
  CHECK(logs.Match() == "a b ");

  const auto match = [](bool reversed) {
    Spans all;
    all.Call("real", false, 100, 50);
    all.Call("log1", true, 90, 50);
    all.Call("log2", true, 95, 50);
    if (reversed) std::reverse(all.spans.begin(), all.spans.end());
    CHECK(MayHaveLogTwins(all.spans));
    return all.Match();
  };
  CHECK(match(false) == match(true));
}

TEST_CASE("of equally near calls, the first is the twin") {
  Spans spans;
  spans.Call("log", true, 100, 7);
  spans.Call("c", false, 110, 7);
  spans.Call("b", false, 90, 7);
  spans.Call("a", false, 90, 7);
  CHECK(spans.Match() == "a c b a ");
  // Of those that are left, however many others are taken.
  Spans more;
  for (const char* id : {"l1", "l2", "l3"}) more.Call(id, true, 100, 7);
  more.Call("a", false, 100, 7);
  more.Call("b", false, 101, 7);
  more.Call("c", false, 50, 7);
  CHECK(more.Match() == "a b c a b c ");
}

// Looking through all calls for each would take hours; the test's bound is minutes.
TEST_CASE("hundreds of thousands of calls and turns find their twins") {
  constexpr int kMany = 200'000;
  Spans spans;
  std::vector<std::string> ids;
  for (int i = 0; i < kMany; ++i) ids.push_back(std::to_string(i));
  for (int i = 0; i < kMany; ++i) spans.Call(("log" + ids[i]).c_str(), true, i, 7);
  for (int i = 0; i < kMany; ++i) spans.Call(ids[i].c_str(), false, i, 7);
  const StringId session = spans.words.Intern("session");
  for (int i = 0; i < kMany; ++i) {
    SpanFacts& turn = spans.Add(("turn" + ids[i]).c_str(), Kind::kAgent, true, 0);
    turn.session = session;
    turn.start_ns += i * kMs;
    SpanFacts& agent = spans.Add(("agent" + ids[i]).c_str(), Kind::kAgent, false, 0);
    agent.session = session;
    agent.start_ns += i * kMs;
  }
  REQUIRE(RelabelLogTwins(spans.spans, spans.words, [](const std::vector<std::size_t>&) {
    return std::vector<std::string>();
  }));
  std::map<StringId, int> times;
  for (const SpanFacts& span : spans.spans) ++times[span.span_id];
  CHECK(times.size() == 2 * kMany);
  for (const auto& [id, count] : times) REQUIRE(count == 2);
}

}  // namespace
}  // namespace halo
