// SPDX-License-Identifier: MIT
#include "engine/trace/call_parts.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

// A tool call with one part inside, as Claude Code writes it.
struct Call {
  SpanFacts* call = nullptr;
  SpanFacts* part = nullptr;
};
Call ClaudeCall(TraceBuilder& t, std::string_view part_name) {
  Call out;
  out.call = &t.Open(t.Tool("find_order", "1", ""));
  out.call->name = t.Text("claude_code.tool");
  out.part = &t.Add(Kind::kSpan, part_name);
  return out;
}

const SpanFacts& ByName(const Trace& trace, std::string_view name) {
  for (const SpanFacts& span : trace.spans) {
    if (trace.Text(span.name) == name) return span;
  }
  FAIL(name);
  return trace.spans[0];
}

TEST_CASE("a call fails with a part that has its name and a suffix, and with no other") {
  for (const bool is_part : {true, false}) {
    TraceBuilder t;
    t.Agent("a");
    const Call made = ClaudeCall(t, is_part ? "claude_code.tool.execution" : "GET /orders");
    t.Fail(*made.part, "gone");
    t.Close();
    const SpanFacts call = ByName(t.Build(), "claude_code.tool");
    CHECK(call.failed == is_part);
    CHECK((call.error_signature == t.Text("gone")) == is_part);
  }
}

TEST_CASE("a call that says why it failed counts alone") {
  TraceBuilder t;
  t.Agent("a");
  SpanFacts& outer = t.Open(t.Tool("mcp__desk__find_order", "1", ""));
  outer.name = t.Text("outer");
  t.Fail(outer, "no such order");
  t.Fail(t.Tool("find_order", "1", ""), "tool_result");
  t.Close();
  const Trace trace = t.Build();
  CHECK(trace.Text(ByName(trace, "outer").error_signature) == "no such order");
  CHECK(std::count(trace.error_root.begin(), trace.error_root.end(), 1) == 1);
}

TEST_CASE("a call whose later part succeeded has not failed") {
  TraceBuilder t;
  t.Agent("a");
  SpanFacts& outer = t.Open(t.Tool("mcp__desk__find_order", "1", ""));
  outer.name = t.Text("outer");
  t.Fail(t.Tool("find_order", "1", ""), "gone");
  t.Tool("find_order", "1", "found");
  t.Close();
  CHECK_FALSE(ByName(t.Build(), "outer").failed);
}

TEST_CASE("an MCP call inside a call of the same tool is a part of it") {
  TraceBuilder t;
  t.Agent("a");
  SpanFacts& outer = t.Open(t.Tool("mcp__deskfind_order", "1", ""));
  outer.name = t.Text("outer");
  t.Open(t.Add(Kind::kSpan, "dispatch"));
  t.Fail(t.Tool("find_order", "1", ""), "gone");
  t.Close();
  t.Close();
  const Trace trace = t.Build();
  const SpanFacts& call = ByName(trace, "outer");
  CHECK(call.failed);
  CHECK(trace.Text(call.tool) == "find_order");
  std::size_t steps = 0;
  for (const Scope& scope : trace.scopes) steps += scope.steps.size();
  CHECK(steps == 1);
}

TEST_CASE("a model call without a model has that of the spans around it, not of another agent") {
  TraceBuilder t;
  t.Agent("a");
  t.Open(t.Add(Kind::kSpan, "run_sampling_request")).model = t.Text("gpt-5-mini");
  SpanFacts& inner = t.Llm();
  inner.name = t.Text("inner");
  inner.model = 0;
  t.Agent("b");
  SpanFacts& other = t.Llm();
  other.name = t.Text("other");
  other.model = 0;
  t.Close();
  t.Close();
  const Trace trace = t.Build();
  CHECK(trace.Text(ByName(trace, "inner").model) == "gpt-5-mini");
  CHECK(ByName(trace, "other").model == 0);
}

TEST_CASE("the price of a turn counts where its calls have none") {
  TraceBuilder t;
  SpanFacts& turn = t.Agent("a");
  turn.model = t.Text("gpt-5-mini");
  turn.has_usage = true;
  turn.usage.input = 100;
  turn.usage.output = 10;
  turn.cost_source = CostSource::kComputed;
  turn.cost_nano_usd = 2000;
  SpanFacts& call = t.Llm();
  call.model = 0;
  call.cost_source = CostSource::kUnpriced;
  call.cost_nano_usd = 0;
  t.Close();
  const TraceSummary summary = AnalyseTrace(t.Build());
  CHECK(summary.usage.total() == 110);
  CHECK(summary.nano_usd == 2000);
  CHECK(summary.unpriced_calls == 0);
}

TEST_CASE("a turn known from a log record lasts as long as what is in it") {
  TraceBuilder t;
  SpanFacts& turn = t.Agent("a");
  turn.readings = BitOf(Reading::kFromLog);
  const std::int64_t end_ns = t.Llm().end_ns;
  t.Close();
  turn.end_ns = 0;
  const Trace trace = t.Build();
  CHECK(trace.spans[0].end_ns == end_ns);
  CHECK(trace.root_ended);
}

}  // namespace
}  // namespace halo
