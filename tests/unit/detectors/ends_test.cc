// SPDX-License-Identifier: MIT
// limit_hit, empty_final, unfinished and invalid_call.
#include <catch2/catch.hpp>
#include <functional>

#include "engine/facts/telling_words.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

TEST_CASE("limit_hit: reports the deepest span that names the limit, not its wrappers") {
  TraceBuilder t;
  SpanFacts& root = t.Fail(t.Open(t.Add(Kind::kChain, "run")), "MaxTurnsExceeded");
  SpanFacts& agent = t.Fail(t.Agent("planner"), "MaxTurnsExceeded");
  root.limit = agent.limit = t.Text("max_turns");
  agent.limit_quote = t.Quote("status.message");
  for (int i = 0; i < 3; ++i) t.Turn("search", std::to_string(i), std::to_string(i));
  const TraceSummary summary = t.Analyse();
  const auto found = FindingsOf(summary, "limit_hit");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.agent == "planner");
  CHECK(found[0].signature == "max_turns");
  CHECK(found[0].evidence.at(0).quote.path == "status.message");
  CHECK(found[0].waste.tokens == summary.usage.total());  // the run was lost
  CHECK(summary.findings.size() ==
        1);  // no error_cluster, no unfinished: one cause is reported once
}

TEST_CASE("limit_hit: limits of two agents are two findings") {
  TraceBuilder t;
  t.Agent("planner").limit = t.Text("budget");
  t.Agent("searcher").limit = t.Text("max_turns");
  t.Turn("search", "x", "y");
  CHECK(FindingsOf(t.Analyse(), "limit_hit").size() == 2);
}

TEST_CASE("limit_hit: runs without steps are not eligible") {
  TraceBuilder t;
  t.Agent("planner");
  CHECK_FALSE(IsEligible(t.Analyse(), "limit_hit"));
  t.Llm();
  CHECK(IsEligible(t.Analyse(), "limit_hit"));
  CHECK(FindingsOf(t.Analyse(), "limit_hit").empty());
}

TEST_CASE("refusal: reports a blocked answer with its finish reason") {
  TraceBuilder t;
  t.Agent("writer");
  t.Llm();
  CHECK(FindingsOf(t.Analyse(), "refusal").empty());
  SpanFacts& llm = t.Llm();
  llm.finish = FinishClass::kRefusal;
  llm.output_blank = true;
  const TraceSummary summary = t.Analyse();
  const auto found = FindingsOf(summary, "refusal");
  REQUIRE(found.size() == 1);
  CHECK(found[0].evidence.at(0).quote.path == "attributes.finish");
  CHECK(found[0].waste.tokens == 220);  // the run was lost
  CHECK(summary.findings.size() == 1);  // empty because it was refused
}

TEST_CASE("empty_final: only the last answer of an agent counts") {
  TraceBuilder t;
  t.Agent("writer");
  t.Llm().output_blank = true;
  t.Llm();
  CHECK(FindingsOf(t.Analyse(), "empty_final").empty());
  t.Llm().output_blank = true;
  const auto found = FindingsOf(t.Analyse(), "empty_final");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"writer", "", "chat"});
  CHECK(found[0].span_ids == std::vector<std::string>{"s000004"});
  CHECK(found[0].waste.tokens == 330);  // the run was lost
}

TEST_CASE("empty_final: ignores truncated, refused and failed answers") {
  for (const FinishClass finish : {FinishClass::kTruncated, FinishClass::kRefusal}) {
    TraceBuilder t;
    SpanFacts& llm = t.Llm();
    llm.finish = finish;
    llm.output_blank = true;
    CHECK(FindingsOf(t.Analyse(), "empty_final").empty());
  }
  TraceBuilder t;
  t.Fail(t.Llm(), "boom").output_blank = true;
  CHECK(FindingsOf(t.Analyse(), "empty_final").empty());
}

TEST_CASE("empty_final: an unrecorded answer is not an empty one") {
  TraceBuilder t;
  t.Llm().has_output = false;
  CHECK_FALSE(IsEligible(t.Analyse(), "empty_final"));
  t.Llm();
  CHECK(IsEligible(t.Analyse(), "empty_final"));
}

TEST_CASE("unfinished: a run that ends with a requested tool call is unfinished") {
  TraceBuilder t;
  t.Agent("planner");
  t.Turn("search", "x", "y");
  const auto found = FindingsOf(t.Analyse(), "unfinished");
  REQUIRE(found.size() == 1);
  CHECK(found[0].signature == "ends_on_tool_call");
  CHECK(found[0].locus == Locus{"planner", "search", ""});
  CHECK(found[0].evidence.at(0).quote.path == "attributes.arguments");
  t.Llm();
  CHECK(FindingsOf(t.Analyse(), "unfinished").empty());
}

TEST_CASE("unfinished: a fixed text after a tool whose results the model used to read") {
  for (const bool looped : {false, true}) {
    TraceBuilder t;
    SpanFacts& agent = t.Agent("planner");
    if (looped) t.Turn("confirm", "x", "ok");
    SpanFacts& last = t.Turn("confirm", "y", "ok");
    last.result_bytes = 2;
    agent.has_output = true;
    agent.answer_words = t.Text("have worked through tour");
    CHECK(FindingsOf(t.Analyse(), "unfinished").size() == (looped ? 1 : 0));
  }
}

TEST_CASE("unfinished: a request of which only the finish reason was recorded is a request") {
  for (const FinishClass finish : {FinishClass::kToolCalls, FinishClass::kStop}) {
    TraceBuilder t;
    t.Agent("planner");
    t.Turn("search", "x", "y");
    SpanFacts& llm = t.Llm();
    llm.finish = finish;
    t.Tool("search", "x", "z");
    CHECK(FindingsOf(t.Analyse(), "unfinished").size() ==
          (finish == FinishClass::kToolCalls ? 1 : 0));
  }
}

TEST_CASE("a run that broke off is no success, although its root says OK") {
  for (const bool goes_on : {false, true}) {
    TraceBuilder t;
    SpanFacts& root = t.Agent("planner");
    root.outcome = Outcome::kSuccess;
    root.outcome_rule = OutcomeRule::kRootStatus;
    t.Turn("search", "x", "y");
    if (goes_on) t.Llm();
    t.Close();
    CHECK(t.Analyse().outcome == (goes_on ? Outcome::kSuccess : Outcome::kUnknown));
    // Somebody who looked knows better.
    root.outcome_rule = OutcomeRule::kLabel;
    CHECK(t.Analyse().outcome == Outcome::kSuccess);
  }
}

TEST_CASE("unfinished: a run whose root has not ended is unfinished") {
  TraceBuilder t;
  SpanFacts& root = t.Agent("planner");
  t.Llm();
  t.Close();
  root.end_ns = 0;
  const auto found = FindingsOf(t.Analyse(), "unfinished");
  REQUIRE(found.size() == 1);
  CHECK(found[0].signature == "root_never_ended");
  CHECK(found[0].span_ids == std::vector<std::string>{"s000002", "s000001"});
}

TEST_CASE(
    "unfinished: runs that end with a final tool, a person or application code are finished") {
  TraceBuilder final_answer;
  final_answer.Turn("final_answer", "x", "y");
  CHECK(FindingsOf(final_answer.Analyse(), "unfinished").empty());

  TraceBuilder handed_on;
  handed_on.Turn("transferToBilling", "x", "y");
  CHECK(FindingsOf(handed_on.Analyse(), "unfinished").empty());

  TraceBuilder person;
  person.Turn("ask", "x", "y").human_wait = true;
  CHECK(FindingsOf(person.Analyse(), "unfinished").empty());

  TraceBuilder code;
  code.Llm();
  code.Tool("store_row", "x", "y");
  CHECK(FindingsOf(code.Analyse(), "unfinished").empty());
}

TEST_CASE("unfinished: runs that end with a failure are left to error_cluster") {
  TraceBuilder t;
  t.Agent("planner");
  t.Fail(t.Turn("search", "x", ""), "boom");
  const TraceSummary summary = t.Analyse();
  CHECK(FindingsOf(summary, "unfinished").empty());
  CHECK(FindingsOf(summary, "error_cluster").size() == 1);
}

TEST_CASE("unfinished: an agent that continued after the call is finished") {
  TraceBuilder t;
  t.Agent("triage");
  t.Turn("handle", "x", "y");
  t.Close();
  t.Agent("billing");
  t.Llm();
  CHECK(FindingsOf(t.Analyse(), "unfinished").empty());
}

TEST_CASE("unfinished: steps inside a tool call are not later steps") {
  TraceBuilder t;
  t.Agent("planner");
  t.Open(t.Turn("research", "x", "y"));
  t.Agent("researcher");
  t.Llm();
  const auto found = FindingsOf(t.Analyse(), "unfinished");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "research");
}

TEST_CASE("invalid_call: the locus is the named tool, the waste the lost turn") {
  TraceBuilder t;
  t.Agent("planner");
  SpanFacts& llm = t.Llm();
  llm.tool_call_count = 1;
  llm.has_tool_definitions = true;
  llm.invalid_call = t.Text("no such tool");
  llm.invalid_call_tool = t.Text("serch");
  llm.invalid_call_quote = t.Quote("attributes.output");
  t.Fail(t.Tool("serch", "x", ""), "Unknown tool");
  t.Llm();
  const TraceSummary summary = t.Analyse();
  const auto found = FindingsOf(summary, "invalid_call");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"planner", "serch", ""});
  CHECK(found[0].signature == "no such tool");
  CHECK(found[0].evidence.at(0).quote.span_id == "s000002");
  CHECK(found[0].waste == Waste{110, 2000, 2 * kTestStepNs});
  // error_cluster also reports the failed call, but its spend has one owner.
  CHECK(OnlyFinding(summary, "error_cluster").waste == Waste{});
}

TEST_CASE("invalid_call: next to valid calls, no turn is wasted") {
  TraceBuilder t;
  SpanFacts& llm = t.Llm();
  llm.tool_call_count = 2;
  llm.invalid_call = t.Text("no such tool");
  t.Tool("search", "x", "y");
  t.Fail(t.Tool("serch", "x", ""), "Unknown tool");
  t.Llm();
  const auto found = FindingsOf(t.Analyse(), "invalid_call");
  REQUIRE(found.size() == 1);
  CHECK(found[0].waste == Waste{});
}

TEST_CASE("invalid_call: a call that the tool took is none") {
  TraceBuilder t;
  SpanFacts& llm = t.Llm();
  llm.tool_call_count = 1;
  llm.has_tool_definitions = true;
  llm.invalid_call = t.Text("unknown argument `limit`");
  llm.invalid_call_tool = t.Text("search");
  t.Tool("search", "x", "y");
  t.Llm();
  const TraceSummary summary = t.Analyse();
  CHECK(IsEligible(summary, "invalid_call"));
  CHECK(FindingsOf(summary, "invalid_call").empty());
}

TEST_CASE("invalid_call: only model calls with offered tools and tool calls are eligible") {
  TraceBuilder t;
  t.Llm().has_tool_definitions = true;
  t.Llm().tool_call_count = 1;
  CHECK_FALSE(IsEligible(t.Analyse(), "invalid_call"));
  SpanFacts& llm = t.Llm();
  llm.has_tool_definitions = true;
  llm.tool_call_count = 1;
  CHECK(IsEligible(t.Analyse(), "invalid_call"));
  CHECK(FindingsOf(t.Analyse(), "invalid_call").empty());
}

TEST_CASE("a run has answered if its root, agent or last tool contains the answer") {
  constexpr StringId kSaid = 1;  // a placeholder, replaced by words below
  const auto answer = [](SpanFacts& span, bool blank) {
    span.has_output = true;
    span.output_blank = blank;
  };
  const struct {
    const char* what;
    std::function<void(SpanFacts& root, SpanFacts& agent, SpanFacts& tool)> change;
    bool unfinished;
  } rows[] = {
      {"nothing holds it", [](auto&, auto&, auto&) {}, true},
      {"the root does", [&](auto& root, auto&, auto&) { answer(root, false); }, false},
      {"the agent does", [&](auto&, auto& agent, auto&) { answer(agent, false); }, false},
      {"the agent passes on what the tool said",
       [&](auto&, auto& agent, auto& tool) {
         answer(agent, false);
         agent.answer_words = kSaid;
         tool.result_words = SketchWords("report seven saved today");
       },
       false},
      {"the root says what code made of the result",
       [&](auto& root, auto&, auto& tool) {
         answer(root, false);
         root.answer_words = kSaid;
         tool.result_words = SketchWords(R"({"report":"Report Seven","pages":12,"at":"15:04"})");
       },
       false},
      {"root and agent say what does not depend on the result",
       [&](auto& root, auto& agent, auto& tool) {
         answer(root, false);
         answer(agent, false);
         root.answer_words = agent.answer_words = kSaid;
         tool.result_words = SketchWords(R"({"order_id":"ON-515217","slot":"2026-03-26 17:30"})");
       },
       true},
      {"the result was not recorded",
       [&](auto& root, auto&, auto&) {
         answer(root, false);
         root.answer_words = kSaid;
       },
       false},
      {"the root holds calls only", [&](auto& root, auto&, auto&) { answer(root, true); }, true},
      {"the tool returns directly",
       [](auto&, auto&, auto& tool) { tool.finish = FinishClass::kStop; }, false},
      {"the agent stops on its first tool",
       [](auto&, auto& agent, auto&) { agent.finish = FinishClass::kStop; }, false},
      {"a tool's own output is no answer", [&](auto&, auto&, auto& tool) { answer(tool, false); },
       true},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    TraceBuilder t;
    SpanFacts& root = t.Open(t.Add(Kind::kChain, "run"));
    SpanFacts& agent = t.Agent("writer");
    SpanFacts& tool = t.Turn("make_report", "x", "saved");
    row.change(root, agent, tool);
    for (SpanFacts* const span : {&root, &agent}) {
      if (span->answer_words == kSaid) span->answer_words = t.Text("seven saved pages");
    }
    CHECK(FindingsOf(t.Analyse(), "unfinished").size() == (row.unfinished ? 1 : 0));
  }
}

TEST_CASE("empty_final: an agent whose output contains the answer has answered") {
  for (const bool holds : {false, true}) {
    TraceBuilder t;
    SpanFacts& agent = t.Agent("writer");
    t.Turn("make_report", "x", "saved");
    t.Llm().output_blank = true;
    agent.has_output = true;
    agent.output_blank = !holds;
    CHECK(FindingsOf(t.Analyse(), "empty_final").size() == (holds ? 0 : 1));
  }
}

}  // namespace
}  // namespace halo
