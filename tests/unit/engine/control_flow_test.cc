// SPDX-License-Identifier: MIT
#include "engine/trace/control_flow.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

TEST_CASE("control flow exceptions are recognised by class or complete text") {
  const struct {
    const char* type;
    const char* text;
    ControlFlow flow;
  } rows[] = {
      {"langgraph.errors.GraphInterrupt", "", ControlFlow::kPause},
      {"", "GraphInterrupt(Interrupt(value=<q>, id=<q>),)", ControlFlow::kPause},
      {"", "(Interrupt(value='Approve?', id='9f'),)", ControlFlow::kPause},
      {"NodeInterrupt", "input too long", ControlFlow::kPause},
      {"pydantic_ai.exceptions.ApprovalRequired", "", ControlFlow::kPause},
      {"CallDeferred", "", ControlFlow::kPause},
      {"ToolApprovalRequiredError", "delete_file", ControlFlow::kPause},
      {"HumanInputRequired", "", ControlFlow::kPause},
      {"crewai.flow.HumanFeedbackPending", "", ControlFlow::kPause},
      {"langgraph.errors.ParentCommand", "Command(graph='__parent__')", ControlFlow::kHandOff},
      {"", "ParentCommand(Command(goto='agent_b'))", ControlFlow::kHandOff},
      {"", "Command(goto='agent_b')", ControlFlow::kHandOff},
      {"AgentHandoff", "to billing", ControlFlow::kHandOff},
      {"HandoffException", "", ControlFlow::kHandOff},
      {"asyncio.exceptions.CancelledError", "", ControlFlow::kCancel},
      {"AbortError", "This operation was aborted", ControlFlow::kCancel},
      {"DOMException", "DOMException: This operation was aborted", ControlFlow::kCancel},
      {"", "AbortError: The user aborted a request.", ControlFlow::kCancel},
      {"", "context canceled", ControlFlow::kCancel},
      {"*url.Error", "Post <url>: context canceled", ControlFlow::kCancel},
      {"", "rpc error: code = Canceled desc = gone", ControlFlow::kCancel},
      {"GeneratorExit", "", ControlFlow::kCancel},
      {"starlette.requests.ClientDisconnect", "", ControlFlow::kCancel},
      {"", "client disconnected", ControlFlow::kCancel},
      {"System.Threading.Tasks.TaskCanceledException", "A task was canceled.",
       ControlFlow::kCancel},
      {"StopIteration", "", ControlFlow::kStreamEnd},
      {"StopAsyncIteration", "", ControlFlow::kStreamEnd},
      {"*errors.errorString", "EOF", ControlFlow::kStreamEnd},
      {"anyio.EndOfStream", "", ControlFlow::kStreamEnd},
      {"SuspendError", "step suspended", ControlFlow::kPause},
      {"AgentPausedException", "", ControlFlow::kPause},
      {"DOMException [AbortError]", "This operation was aborted", ControlFlow::kCancel},
      {"ResponseAborted", "", ControlFlow::kCancel},
      // Errors with similar names.
      {"AccountSuspendedError", "", ControlFlow::kNone},
      {"CommandError", "", ControlFlow::kNone},
      {"BrokenPipeError", "[Errno 32] Broken pipe", ControlFlow::kNone},  // of a call
      {"InterruptedError", "Interrupted system call", ControlFlow::kNone},
      {"", "Interrupted system call", ControlFlow::kNone},
      {"", "Command 'ls' returned non-zero exit status 1", ControlFlow::kNone},
      {"", "Command: git push failed", ControlFlow::kNone},
      {"ValueError", "order 5 was cancelled", ControlFlow::kNone},
      {"", "Subscription cancelled by user 7 last week", ControlFlow::kNone},
      {"HandoffError", "no such agent", ControlFlow::kNone},
      {"HandoffFailed", "", ControlFlow::kNone},
      {"ApprovalDenied", "", ControlFlow::kNone},
      {"ApprovalRequestTimeout", "", ControlFlow::kNone},
      {"EOFError", "EOF when reading a line", ControlFlow::kNone},
      {"", "unexpected EOF", ControlFlow::kNone},
      {"ConnectionError", "EOF", ControlFlow::kNone},
      {"TimeoutError", "context deadline exceeded", ControlFlow::kNone},
      {"ConnectionAbortedError", "software caused connection abort", ControlFlow::kNone},
      {"", "", ControlFlow::kNone},
  };
  for (const auto& row : rows) {
    INFO(row.type << " | " << row.text);
    CHECK(ControlFlowOf(row.type, row.text) == row.flow);
  }
}

SpanFacts& Raise(TraceBuilder& t, SpanFacts& span, const std::string& type) {
  t.Fail(span, type);
  span.error_type = t.Text(type);
  return span;
}

SpanFacts& Root(TraceBuilder& t) { return t.Open(t.Add(Kind::kChain, "run")); }

TEST_CASE("a control flow exception is a failure only if it ended the run") {
  const struct {
    const char* what;
    std::function<void(TraceBuilder&)> build;
    std::int32_t failed, interrupts;
  } rows[] = {
      {"a pause under a root that is OK",
       [](TraceBuilder& t) {
         Root(t).status = StatusCode::kOk;
         t.Llm();
         Raise(t, t.Add(Kind::kChain, "review"), "GraphInterrupt");
       },
       0, 1},
      {"a pause that its parents repeat, up to the root",
       [](TraceBuilder& t) {
         Raise(t, Root(t), "GraphInterrupt");
         t.Fail(t.Open(t.Add(Kind::kChain, "tools")), "no message (status)");
         Raise(t, t.Tool("pay", "1", ""), "GraphInterrupt");
       },
       0, 3},
      {"a fault beside the pause is one, and so is the parent that tells of it",
       [](TraceBuilder& t) {
         t.Fail(Root(t), "ValueError: no item");
         Raise(t, t.Add(Kind::kChain, "review"), "GraphInterrupt");
         t.Fail(t.Tool("search", "1", ""), "ValueError: no item");
       },
       2, 1},
      {"a hand-over after which another agent ran",
       [](TraceBuilder& t) {
         Root(t);
         Raise(t, t.Tool("transfer", "{}", ""), "ParentCommand");
         t.Agent("billing");
         t.Llm();
       },
       0, 1},
      {"a cancelled call after which the run went on",
       [](TraceBuilder& t) {
         Root(t);
         Raise(t, t.Tool("search", "1", ""), "CancelledError");
         t.Llm();
       },
       0, 1},
      {"a cancelled call in a run that says that it ended well",
       [](TraceBuilder& t) {
         Root(t).status = StatusCode::kOk;
         t.Llm();
         Raise(t, t.Tool("search", "1", ""), "AbortError");
       },
       0, 1},
      {"a cancellation that ends the run",
       [](TraceBuilder& t) {
         Raise(t, Root(t), "CancelledError");
         t.Llm();
         Raise(t, t.Tool("search", "1", ""), "CancelledError");
       },
       2, 0},
      {"a cancellation as the last thing of a run that says nothing",
       [](TraceBuilder& t) {
         Root(t);
         t.Llm();
         Raise(t, t.Tool("search", "1", ""), "CancelledError");
       },
       1, 0},
      {"a root that was cancelled", [](TraceBuilder& t) { Raise(t, Root(t), "CancelledError"); }, 1,
       0},
      {"a stream that was read to its end",
       [](TraceBuilder& t) {
         Root(t);
         Raise(t, t.Llm(), "StopAsyncIteration");
       },
       0, 1},
      {"a root that had its answer before its reader left",
       [](TraceBuilder& t) {
         SpanFacts& root = Raise(t, Root(t), "GeneratorExit");
         root.has_output = true;
         t.Llm();
       },
       0, 1},
      {"a root that could not write its answer",
       [](TraceBuilder& t) {
         SpanFacts& root = Raise(t, Root(t), "BrokenPipeError");
         root.has_output = true;
         t.Llm();
       },
       0, 1},
      {"an agent whose reader left, in a run that is OK",
       [](TraceBuilder& t) {
         Root(t).status = StatusCode::kOk;
         Raise(t, t.Agent("writer"), "BrokenPipeError");
         t.Llm();
       },
       0, 1},
      {"a tool whose pipe broke, and an agent that repeats it",
       [](TraceBuilder& t) {
         Root(t).status = StatusCode::kOk;
         Raise(t, t.Agent("writer"), "BrokenPipeError");
         t.Llm();
         Raise(t, t.Tool("run", "1", ""), "BrokenPipeError");
       },
       2, 0},
      {"a system call that was interrupted is a fault",
       [](TraceBuilder& t) {
         Root(t);
         t.Fail(t.Tool("read", "1", ""), "InterruptedError: Interrupted system call");
         t.Llm();
       },
       1, 0},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    TraceBuilder t;
    row.build(t);
    const Trace trace = t.Build();
    std::int32_t failed = 0;
    for (const SpanFacts& span : trace.spans) failed += span.failed;
    CHECK(failed == row.failed);
    CHECK(trace.interrupts == row.interrupts);
    const TraceSummary summary = t.Analyse();
    CHECK(summary.failed_spans == row.failed);
    CHECK(FindingsOf(summary, "error_cluster").empty() == (row.failed == 0));
    if (row.failed == 0) CHECK(FindingsOf(summary, "unfinished").empty());
  }
}

TEST_CASE("a run that waits for approval has not failed") {
  TraceBuilder t;
  SpanFacts& root = Raise(t, Root(t), "GraphInterrupt");
  root.outcome = Outcome::kFailure;
  root.outcome_rule = OutcomeRule::kRootStatus;
  t.Turn("lookup", "1", "found");
  Raise(t, t.Tool("pay", "1", ""), "GraphInterrupt");
  const TraceSummary summary = t.Analyse();
  CHECK(summary.outcome == Outcome::kUnknown);
  CHECK(summary.findings.empty());
}

}  // namespace
}  // namespace halo
