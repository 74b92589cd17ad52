// SPDX-License-Identifier: MIT
#include "engine/trace/failure_marks.h"

#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

// A span that failed with an exception event, or with its status only.
SpanFacts& Fail(TraceBuilder& t, SpanFacts& span, std::string_view signature, bool event) {
  span.failed = true;
  span.failure_rule = FailureRule::kStatus;
  span.status = StatusCode::kError;
  span.error_signature = t.Text(signature);
  span.error_quote = {t.Text(event ? "events[0].attributes.exception.message" : "status.message"),
                      0, 1};
  span.scope_name = t.Text("sdk");
  return span;
}

bool Failed(const Trace& trace, const SpanFacts& span) {
  for (const SpanFacts& each : trace.spans) {
    if (each.span_id == span.span_id) return each.failed;
  }
  return false;
}

TEST_CASE("a failure that an emitter copies onto later spans counts once") {
  TraceBuilder t;
  SpanFacts& agent = Fail(t, t.Agent("desk"), "gone", false);
  agent.has_output = true;
  t.Llm();
  SpanFacts& broken = Fail(t, t.Tool("cancel", "1", ""), "Error: gone", true);
  broken.result_hash = 0;
  SpanFacts& model = Fail(t, t.Llm(), "gone", false);
  model.has_output = true;
  model.tool_call_count = 1;
  SpanFacts& good = Fail(t, t.Tool("find", "1", "sent"), "gone", false);
  SpanFacts& other = Fail(t, t.Tool("find", "2", "sent"), "another cause", false);
  t.Close();
  const Trace trace = t.Build();
  CHECK(Failed(trace, broken));
  CHECK(Failed(trace, other));
  CHECK_FALSE(Failed(trace, model));
  CHECK_FALSE(Failed(trace, good));
  CHECK_FALSE(Failed(trace, agent));
}

TEST_CASE("attempts that fail for the same reason are not copies") {
  for (const bool each_has_event : {true, false}) {
    TraceBuilder t;
    SpanFacts& first = Fail(t, t.Llm(), "overloaded", true);
    SpanFacts& second = Fail(t, t.Llm(), "overloaded", each_has_event);
    first.has_output = second.has_output = false;
    second.output_blank = true;
    second.tool_call_count = 0;
    const Trace trace = t.Build();
    CHECK(Failed(trace, first));
    CHECK(Failed(trace, second));
  }
}

TEST_CASE("a wrapper of a failed span keeps its failure, and a span of another emitter too") {
  TraceBuilder t;
  SpanFacts& step = Fail(t, t.Open(t.Add(Kind::kChain, "step")), "gone", false);
  SpanFacts& broken = Fail(t, t.Tool("cancel", "1", ""), "gone", true);
  t.Close();
  SpanFacts& server = Fail(t, t.Tool("find", "1", "sent"), "gone", false);
  server.scope_name = t.Text("web");
  const Trace trace = t.Build();
  CHECK(Failed(trace, step));
  CHECK(Failed(trace, broken));
  CHECK(Failed(trace, server));
}

TEST_CASE("a call that says nothing failed if its last part failed") {
  const auto failed = [](std::string_view part, bool has_result, bool then_works,
                         StatusCode status) {
    TraceBuilder t;
    SpanFacts& call = t.Open(t.Tool("cancel", "1", has_result ? "sent" : ""));
    call.status = status;
    if (!has_result) call.result_hash = 0;
    Fail(t, t.Tool(part, "1", ""), "gone", true);
    if (then_works) t.Tool(part, "1", "sent");
    t.Close();
    return Failed(t.Build(), call);
  };
  CHECK(failed("cancel", false, false, StatusCode::kUnset));
  CHECK_FALSE(failed("cancel", true, false, StatusCode::kUnset));
  CHECK_FALSE(failed("cancel", false, true, StatusCode::kUnset));
  CHECK_FALSE(failed("cancel", false, false, StatusCode::kOk));
  CHECK_FALSE(failed("cleanup", false, false, StatusCode::kUnset));
}

TEST_CASE("a call that says nothing failed if the next prompt says so") {
  const auto failed = [](std::string_view told_of, bool has_result) {
    TraceBuilder t;
    t.Agent("desk");
    t.Llm();
    SpanFacts& call = t.Tool("cancel", "1", has_result ? "sent" : "");
    if (!has_result) call.result_hash = 0;
    SpanFacts& next = t.Llm();
    next.told_error = t.Text("gone");
    next.told_error_tool = t.Text(told_of);
    t.Close();
    const Trace trace = t.Build();
    if (Failed(trace, call)) CHECK(trace.Text(trace.spans[2].error_signature) == "gone");
    return Failed(trace, call);
  };
  CHECK(failed("cancel", false));
  CHECK(failed("mcp__desk__cancel", false));
  CHECK_FALSE(failed("find", false));
  CHECK_FALSE(failed("fast_cancel", false));
  CHECK_FALSE(failed("cancel", true));
}

TEST_CASE("a chain at the root names the agent that no span names") {
  const auto agent_of = [](Kind root_kind, std::string_view root_scope, bool other_agent) {
    TraceBuilder t;
    SpanFacts& root = t.Open(t.Add(root_kind, "order-desk"));
    root.scope_name = t.Text(root_scope);
    SpanFacts& model = t.Llm();
    model.scope_name = t.Text("sdk");
    t.Tool("find", "1", "sent").scope_name = t.Text("sdk");
    if (other_agent) model.agent = t.Text("clerk");
    t.Close();
    const Trace trace = t.Build();
    return std::string(trace.Text(trace.agent[2]));
  };
  CHECK(agent_of(Kind::kChain, "sdk", false) == "order-desk");
  CHECK(agent_of(Kind::kSpan, "sdk", false) == "order-desk");
  CHECK(agent_of(Kind::kSpan, "web server", false).empty());
  CHECK(agent_of(Kind::kChain, "sdk", true) != "order-desk");
}

}  // namespace
}  // namespace halo
