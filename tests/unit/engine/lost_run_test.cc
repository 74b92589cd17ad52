// SPDX-License-Identifier: MIT
// The waste of a lost run, and the finding that owns it.
#include "engine/analysis/lost_run.h"

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

// Tokens that the findings of each detector waste.
std::map<std::string, std::int64_t> WastedBy(const TraceSummary& summary) {
  std::map<std::string, std::int64_t> out;
  for (const StoredFinding& finding : summary.findings) {
    const std::string name(DetectorName(finding));
    Waste::Add(finding.waste.tokens, out[name]);
  }
  return out;
}

SpanFacts& Limited(TraceBuilder& t, SpanFacts& span) {
  t.Fail(span, "MaxTurnsExceeded");
  span.limit = t.Text("max_turns");
  return span;
}

void Turns(TraceBuilder& t, int count) {
  for (int i = 0; i < count; ++i) t.Turn("search", std::to_string(i), std::to_string(i));
}

TEST_CASE("a lost run wastes all spend that no other finding owns") {
  using Wasted = std::map<std::string, std::int64_t>;
  struct Case {
    const char* what;
    std::function<void(TraceBuilder&)> tell;
    Wasted tokens;
  };
  const std::vector<Case> cases = {
      {"stopped by a limit",
       [](TraceBuilder& t) {
         Limited(t, t.Agent("planner"));
         Turns(t, 3);
       },
       {{"limit_hit", 330}}},
      {"stopped by a limit in a loop: the loop has it",
       [](TraceBuilder& t) {
         Limited(t, t.Agent("planner"));
         t.Turn("search", "other", "other");
         for (int i = 0; i < 5; ++i) t.Turn("search", "x", "y");
       },
       {{"limit_hit", 0}, {"exact_repeat", 660}}},
      {"a loop long before the limit owns its own calls alone",
       [](TraceBuilder& t) {
         Limited(t, t.Agent("planner"));
         for (int i = 0; i < 5; ++i) t.Turn("search", "x", "y");
         t.Turn("read", "a", "b");
         t.Turn("read", "c", "d");
       },
       {{"limit_hit", 330}, {"exact_repeat", 440}}},
      {"an agent below reached its limit, and the run went on",
       [](TraceBuilder& t) {
         t.Agent("planner");
         t.Open(t.Turn("ask", "x", "y"));
         Limited(t, t.Agent("helper"));
         Turns(t, 2);
         t.Close();
         t.Close();
         t.Llm();
       },
       {{"limit_hit", 0}}},
      {"broken off",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 2);
       },
       {{"unfinished", 220}}},
      {"ended on an empty answer",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 2);
         t.Llm().output_blank = true;
       },
       {{"empty_final", 330}}},
      {"ended on an empty answer to a call that failed: the error has it",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 1);
         t.Fail(t.Turn("pay", "x", ""), "CardError: declined");
         t.Llm().output_blank = true;
       },
       {{"empty_final", 110}, {"error_cluster", 220}}},
      {"an agent below gave an empty answer",
       [](TraceBuilder& t) {
         t.Agent("planner");
         t.Open(t.Turn("ask", "x", "y"));
         t.Agent("helper");
         t.Llm().output_blank = true;
         t.Close();
         t.Close();
         t.Llm();
       },
       {{"empty_final", 110}}},
      {"ended on a refusal",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 2);
         t.Llm().finish = FinishClass::kRefusal;
       },
       {{"refusal", 330}}},
      {"refused on the way, and answered",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 2);
         t.Llm().finish = FinishClass::kRefusal;
         t.Llm();
       },
       {{"refusal", 110}}},
      {"an error in the last call reached the root",
       [](TraceBuilder& t) {
         t.Fail(t.Agent("planner"), "error");
         Turns(t, 2);
         t.Fail(t.Turn("pay", "x", ""), "CardError: declined");
       },
       {{"error_cluster", 330}}},
      {"an error of the root's own",
       [](TraceBuilder& t) {
         t.Fail(t.Agent("planner"), "ValidationError: no such field");
         Turns(t, 2);
         t.Llm();
       },
       {{"error_cluster", 330}}},
      {"a call failed, and the run answered",
       [](TraceBuilder& t) {
         t.Agent("planner");
         Turns(t, 2);
         t.Fail(t.Turn("pay", "x", ""), "CardError: declined");
         t.Llm();
       },
       {{"error_cluster", 110}}},
      {"stopped by a limit, yet somebody judged it a success",
       [](TraceBuilder& t) {
         SpanFacts& root = Limited(t, t.Agent("planner"));
         root.outcome = Outcome::kSuccess;
         root.outcome_rule = OutcomeRule::kAttribute;
         Turns(t, 3);
       },
       {{"limit_hit", 0}}},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    TraceBuilder t;
    each.tell(t);
    const TraceSummary summary = t.Analyse();
    CHECK(WastedBy(summary) == each.tokens);
    std::int64_t sum = 0;
    for (const auto& [name, tokens] : WastedBy(summary)) sum += tokens;
    CHECK(sum <= summary.usage.total());
  }
}

TEST_CASE("a run that has not ended is not lost yet") {
  TraceBuilder t;
  SpanFacts& root = t.Agent("planner");
  for (int i = 0; i < 5; ++i) t.Turn("search", "x", "y");
  Trace trace = t.Build();
  trace.spans[0].end_ns = 0;
  root.end_ns = 0;
  CHECK(WastedBy(AnalyseTrace(trace, false)) ==
        std::map<std::string, std::int64_t>{{"exact_repeat", 440}});
}

TEST_CASE("waste of calls without usage or price is unknown, not zero") {
  TraceBuilder t;
  Limited(t, t.Agent("planner"));
  Turns(t, 2);
  for (SpanFacts& span : t.spans()) {
    span.has_usage = false;
    span.usage = {};
    span.cost_nano_usd = 0;
    span.cost_source = CostSource::kNone;
  }
  Waste waste = OnlyFinding(t.Analyse(), "limit_hit").waste;
  CHECK(waste.tokens == kUnknownAmount);
  CHECK(waste.nano_usd == kUnknownAmount);
  CHECK(waste.critical_ns == 5 * kTestStepNs);

  for (SpanFacts& span : t.spans()) {
    if (span.kind != Kind::kLlm) continue;
    span.has_usage = true;
    span.usage.input = 100;
    span.cost_source = CostSource::kUnpriced;
  }
  waste = OnlyFinding(t.Analyse(), "limit_hit").waste;
  CHECK(waste.tokens == 200);
  CHECK(waste.nano_usd == kUnknownAmount);

  // Usage that only the root reports also belongs to the lost run.
  for (SpanFacts& span : t.spans()) {
    span.has_usage = span.kind == Kind::kAgent;
    span.usage = {};
  }
  t.spans().front().usage.input = 700;
  CHECK(OnlyFinding(t.Analyse(), "limit_hit").waste.tokens == 700);
}

TEST_CASE("a failed call that spent nothing has no unknown waste") {
  TraceBuilder t;
  t.Agent("planner");
  SpanFacts& llm = t.Fail(t.Llm(), "RateLimitError: slow down", Transport::kRateLimit);
  llm.has_usage = false;
  llm.usage = {};
  llm.cost_nano_usd = 0;
  t.Llm();
  CHECK(OnlyFinding(t.Analyse(), "error_cluster").waste == Waste{0, 0, kTestStepNs});
}

TEST_CASE("sums of waste keep known amounts, in any order") {
  const auto sum = [](std::vector<std::int64_t> parts) {
    std::int64_t all = 0;
    for (const std::int64_t part : parts) Waste::Add(part, all);
    return all;
  };
  CHECK(sum({}) == 0);
  CHECK(sum({0, 5, 7}) == 12);
  CHECK(sum({0, kUnknownAmount, 0}) == kUnknownAmount);
  CHECK(sum({kUnknownAmount, 5, 0}) == 5);
  CHECK(sum({5, kUnknownAmount, kUnknownAmount}) == 5);
}

TEST_CASE("a turn rejected by the executor wastes the call that requested it") {
  const auto wasted = [](const std::function<void(TraceBuilder&)>& tell) {
    TraceBuilder t;
    t.Agent("planner");
    tell(t);
    return OnlyFinding(t.Analyse(), "error_cluster").waste.tokens;
  };
  // The parser fails after the call, and the model is called again.
  CHECK(wasted([](TraceBuilder& t) {
          t.Llm();
          t.Fail(t.Add(Kind::kChain, "parse_output"), "OutputParserException: no action");
          t.Llm();
        }) == 110);
  // The step that contains the call fails.
  CHECK(wasted([](TraceBuilder& t) {
          t.Fail(t.Open(t.Add(Kind::kChain, "Step 1")), "AgentParsingError: not code");
          t.Llm();
          t.Close();
          t.Llm();
        }) == 110);
  // The executor finds no such tool: there is no span of the call.
  CHECK(wasted([](TraceBuilder& t) {
          t.Llm().tool_call_count = 1;
          t.Fail(t.Add(Kind::kSpan, "execute"), "ToolNotFound: serch");
          t.Llm();
        }) == 110);
  // Code of the application fails after the answer.
  CHECK(wasted([](TraceBuilder& t) {
          t.Llm();
          t.Fail(t.Add(Kind::kSpan, "store_row"), "DatabaseError: locked");
        }) == 0);
  // A request within the call failed and was repeated successfully.
  CHECK(wasted([](TraceBuilder& t) {
          t.Open(t.Llm());
          t.Fail(t.Add(Kind::kSpan, "POST"), "503", Transport::kService);
          t.Add(Kind::kSpan, "POST");
          t.Close();
          t.Llm();
        }) == 0);
  // The call's tools ran.
  CHECK(wasted([](TraceBuilder& t) {
          t.Turn("search", "x", "y");
          t.Fail(t.Add(Kind::kSpan, "store_row"), "DatabaseError: locked");
          t.Llm();
        }) == 0);
}

TEST_CASE("a finding of an evaluator never decides the outcome") {
  TraceBuilder t;
  t.Agent("planner");
  t.Llm();
  t.Fail(t.Add(Kind::kEvaluator, "judge"), "score below threshold");
  t.Fail(t.Turn("search", "x", ""), "ValueError: bad");
  t.Llm();
  const auto found = FindingsOf(t.Analyse(), "error_cluster");
  REQUIRE(found.size() == 2);
  for (const StoredFinding& finding : found) {
    CHECK((finding.decided == StoredFinding::Decided::kByEvaluator) ==
          (finding.locus.span_name == "judge"));
  }
}

}  // namespace
}  // namespace halo
