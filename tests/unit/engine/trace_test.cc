// SPDX-License-Identifier: MIT
#include "engine/trace/trace.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

std::vector<std::string> Ids(const Trace& trace, std::span<const SpanIndex> spans) {
  std::vector<std::string> ids;
  for (const SpanIndex i : spans) ids.emplace_back(trace.Text(trace.spans[i].span_id));
  return ids;
}

std::vector<std::string> Names(const Trace& trace, const std::vector<std::uint8_t>& marked) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    if (marked[i]) names.emplace_back(trace.Text(trace.spans[i].name));
  }
  return names;
}

using Texts = std::vector<std::string>;

TEST_CASE("spans are sorted by start, then by the text of their ids") {
  TraceBuilder t;
  t.Text("s000002");  // interned first, so its word id is smaller
  t.Add(Kind::kSpan, "a");
  t.Add(Kind::kSpan, "b").start_ns = kTestStartNs;
  t.Add(Kind::kSpan, "c").start_ns = kTestStartNs - 5;
  const Trace trace = t.Build();
  CHECK(Ids(trace, std::vector<SpanIndex>{0, 1, 2}) == Texts{"s000003", "s000001", "s000002"});
}

TEST_CASE("a span whose parent is missing is a root and is counted") {
  TraceBuilder t;
  t.Add(Kind::kSpan, "orphan").parent_id = t.Text("elsewhere");
  t.Add(Kind::kSpan, "root");
  const Trace trace = t.Build();
  CHECK(trace.parent == std::vector<SpanIndex>{-1, -1});
  CHECK(trace.health.missing_parents == 1);
  CHECK(trace.root == 1);
  CHECK(trace.root_ended);
}

TEST_CASE("the root of a partial trace has ended if no span outlasts it") {
  TraceBuilder t;
  SpanFacts& orphan = t.Open(t.Add(Kind::kSpan, "orphan"));
  orphan.parent_id = t.Text("elsewhere");
  t.Llm();
  t.Close();
  CHECK(t.Build().root_ended);
  t.Llm().parent_id = t.Text("elsewhere");
  CHECK_FALSE(t.Build().root_ended);
}

TEST_CASE("cycles of parents are cut at their earliest span") {
  TraceBuilder t;
  SpanFacts& a = t.Add(Kind::kSpan, "a");
  SpanFacts& b = t.Add(Kind::kSpan, "b");
  SpanFacts& c = t.Add(Kind::kSpan, "c");
  SpanFacts& self = t.Add(Kind::kSpan, "self");
  a.parent_id = c.span_id;
  b.parent_id = a.span_id;
  c.parent_id = b.span_id;
  self.parent_id = self.span_id;
  const Trace trace = t.Build();
  CHECK(trace.parent == std::vector<SpanIndex>{-1, 0, 1, -1});
  CHECK(trace.health.cyclic_parents == 2);
  CHECK(trace.root == 0);
}

TEST_CASE("a scope is the nearest agent around a span") {
  TraceBuilder t;
  t.Add(Kind::kTool, "before");
  t.Agent("planner");
  t.Llm();
  t.Agent("writer");
  t.Tool("save", "x", "ok");
  t.Close();
  t.Llm();
  const Trace trace = t.Build();
  REQUIRE(trace.scopes.size() == 3);
  CHECK(Ids(trace, trace.scopes[0].steps) == Texts{"s000001"});
  CHECK(Ids(trace, trace.scopes[1].steps) == Texts{"s000003", "s000006"});
  CHECK(Ids(trace, trace.scopes[2].steps) == Texts{"s000005"});
  CHECK(trace.Text(trace.scopes[2].agent) == "writer");
  CHECK(LocusOf(trace, 4) == Locus{"writer", "save", ""});
  CHECK(LocusOf(trace, 2) == Locus{"planner", "", "chat"});
}

TEST_CASE(
    "of nested model calls the innermost, of nested calls of one tool the outermost is a step") {
  TraceBuilder t;
  t.Agent("planner");
  t.Open(t.Llm());
  t.Open(t.Add(Kind::kChain, "retry"));
  t.Llm();
  t.Close();
  t.Close();
  t.Open(t.Tool("search", "x", "y"));
  t.Tool("search", "x", "y");
  t.Llm();
  const Trace trace = t.Build();
  CHECK(Ids(trace, trace.scopes[1].steps) == Texts{"s000004", "s000005", "s000007"});
  CHECK(trace.within_call == std::vector<SpanIndex>{-1, -1, -1, -1, -1, 4, 4});
}

TEST_CASE("wrappers that repeat the error of an inner call are not error roots") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "error");
  t.Fail(t.Open(t.Add(Kind::kChain, "step")), "ToolError: while searching: ValueError: bad <int>");
  t.Fail(t.Open(t.Tool("search", "x", "")), "ValueError: bad <int>");
  t.Fail(t.Add(Kind::kSpan, "inner"), "ValueError: bad <int>");
  const Trace trace = t.Build();
  CHECK(Names(trace, trace.error_root) == Texts{"inner"});
}

TEST_CASE("a wrapper that names only the failed call, and no cause, repeats it") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "AgentError: planner failed because tool 'search' raised an error");
  t.Fail(t.Tool("search", "x", ""), "ConnectionError: refused");
  const Trace trace = t.Build();
  CHECK(Names(trace, trace.error_root) == Texts{"search"});
}

TEST_CASE("a wrapper that fails for another reason is a separate error root") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "MaxTurnsExceeded: <int> turns");
  t.Fail(t.Tool("search", "x", ""), "ValueError: bad <int>");
  t.Llm();
  const Trace trace = t.Build();
  CHECK(Names(trace, trace.error_root) == Texts{"planner", "search"});
}

TEST_CASE("a wrapper with the transport class of the inner call repeats it") {
  TraceBuilder t;
  t.Fail(t.Open(t.Llm()), "RateLimitError: slow down", Transport::kRateLimit);
  t.Fail(t.Add(Kind::kSpan, "POST"), "429", Transport::kRateLimit);
  const Trace trace = t.Build();
  CHECK(Names(trace, trace.error_root) == Texts{"POST"});
}

TEST_CASE("a failure without text above several causes repeats them all") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "");
  t.Fail(t.Tool("a", "x", ""), "ValueError: bad");
  t.Fail(t.Tool("b", "x", ""), "KeyError: name");
  const Trace trace = t.Build();
  CHECK(Names(trace, trace.error_root) == Texts{"a", "b"});
}

TEST_CASE("structural defects are counted") {
  TraceBuilder t;
  t.Agent("planner");
  t.Llm().model = 0;
  t.Llm().has_usage = false;
  SpanFacts& reversed = t.Add(Kind::kSpan, "reversed");
  std::swap(reversed.start_ns, reversed.end_ns);
  SpanFacts& seconds = t.Add(Kind::kSpan, "starts in seconds, ends in nanoseconds");
  seconds.start_ns /= 1'000'000'000;
  t.Add(Kind::kSpan, "early").start_ns = kTestStartNs - 2'000'000;
  t.Add(Kind::kSpan, "rounded").start_ns = kTestStartNs - 900'000;
  const Trace trace = t.Build();
  CHECK(trace.health.llm_without_model == 1);
  CHECK(trace.health.llm_without_tokens == 1);
  CHECK(trace.health.end_before_start == 2);
  CHECK(trace.health.outside_parent == 2);
  CHECK(*std::max_element(trace.critical_ns.begin(), trace.critical_ns.end()) < kTestStartNs / 10);
}

TEST_CASE("the order of arrival does not matter") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 20; ++i) t.Turn("search", "x", "y");
  t.Close();
  t.spans()[3].parent_id = t.spans()[5].span_id;
  const Trace one = t.Build();
  std::mt19937 random(7);
  std::shuffle(t.spans().begin(), t.spans().end(), random);
  const Trace other = t.Build();
  CHECK(one.parent == other.parent);
  CHECK(one.scope == other.scope);
  CHECK(one.critical_ns == other.critical_ns);
  CHECK(one.child_list == other.child_list);
}

TEST_CASE("a chain of 100,000 parents does not overflow the stack") {
  TraceBuilder t;
  for (int i = 0; i < 100'000; ++i) t.Fail(t.Open(t.Add(Kind::kTool, "call")), "boom went <int>");
  const Trace trace = t.Build();
  CHECK(std::count(trace.error_root.begin(), trace.error_root.end(), 1) == 1);
  CHECK(AnalyseTrace(trace).findings.size() == 1);
}

TEST_CASE("no spans give an empty trace") {
  StringPool words;
  const Trace trace = BuildTrace("p", "t", words, {});
  CHECK(trace.root == -1);
  CHECK_FALSE(trace.root_ended);
  CHECK(trace.scopes.size() == 1);
  CHECK(AnalyseTrace(trace).span_count == 0);
}

}  // namespace
}  // namespace halo
