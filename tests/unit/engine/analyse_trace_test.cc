// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/analysis/operations.h"
#include "engine/model/trace_summary.h"
#include "engine/pricing/price_table.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

TEST_CASE("the id of a mode depends only on detector, locus and signature") {
  const Locus locus{"planner", "search", ""};
  const ModeId id = MakeModeId("error_cluster", locus, "ValueError");
  CHECK(id == MakeModeId("error_cluster", locus, "ValueError"));
  CHECK(id != MakeModeId("exact_repeat", locus, "ValueError"));
  CHECK(id != MakeModeId("error_cluster", locus, "KeyError"));
  CHECK(id != MakeModeId("error_cluster", {"planner", "", "search"}, "ValueError"));
  CHECK(id != MakeModeId("error_cluster", {"plannersearch", "", ""}, "ValueError"));
  CHECK(ModeIdText(id) == "fm_c78213eb3def");  // users keep these ids, so they must never change
}

TEST_CASE("mode ids can be parsed from their text") {
  const ModeId id = MakeModeId("truncated", {}, "");
  CHECK(ModeIdText(id).size() == 15);
  CHECK(ParseModeId(ModeIdText(id)) == id);
  CHECK(ModeIdText(ModeId{0xab}) == "fm_0000000000ab");
  for (const char* text :
       {"", "fm_", "fm_00000000000", "fm_00000000000AB", "fm_00000000000g", "mf_0000000000ab"}) {
    CHECK(ParseModeId(text) == 0);
  }
}

TEST_CASE("a summary counts all spend once") {
  TraceBuilder t;
  SpanFacts& agent = t.Agent("planner");
  agent.has_usage = true;
  agent.usage.input = 220;
  agent.tags = t.Text("[\"b\", \"a\"]");
  agent.service = t.Text("shop");
  t.Turn("search", "x", "y").tags = t.Text("c, a");
  SpanFacts& llm = t.Llm();
  llm.cost_source = CostSource::kReported;
  llm.cost_nano_usd = 9000;
  llm.computed_nano_usd = 2000;
  llm.session = t.Text("talk");
  const TraceSummary summary = t.Analyse();
  CHECK(summary.usage.total() == 220);
  CHECK(summary.nano_usd == 11000);
  CHECK(summary.llm_calls == 2);
  CHECK(summary.tool_calls == 1);
  CHECK(summary.steps == 3);
  CHECK(summary.span_count == 4);
  CHECK(summary.critical_ns == 4 * kTestStepNs);
  CHECK(summary.reported_costs == 1);
  CHECK(summary.computed_costs == 1);
  CHECK(summary.cost_mismatches == 1);
  CHECK(summary.service == "shop");
  CHECK(summary.session == "talk");
  CHECK(summary.name == "planner");
  CHECK(summary.agents == std::vector<std::string>{"planner"});
  CHECK(summary.models == std::vector<std::string>{"small"});
  CHECK(summary.tools == std::vector<std::string>{"search"});
  CHECK(summary.tags == std::vector<std::string>{"a", "b", "c"});
  CHECK(summary.root_ended);
  CHECK(summary.end_ns - summary.start_ns == 4 * kTestStepNs);
}

TEST_CASE("operations are rolled up in order of their names") {
  TraceBuilder t;
  t.Agent("planner");
  t.Turn("zoom", "x", "y");
  t.Turn("search", "x", "y");
  t.Fail(t.Turn("search", "z", ""), "boom");
  const TraceSummary summary = t.Analyse();
  REQUIRE(summary.operations.size() == 4);
  CHECK(summary.operations[0].kind == Kind::kAgent);
  CHECK(summary.operations[1].kind == Kind::kLlm);
  CHECK(summary.operations[1].usage.input == 300);
  CHECK(summary.operations[1].model == "small");
  const OperationRollup& search = summary.operations[2];
  CHECK(search.name == "search");
  CHECK(search.agent == "planner");
  CHECK(search.count == 2);
  CHECK(search.errors == 1);
  CHECK(search.duration_ns == 2 * kTestStepNs);
  CHECK(search.durations ==
        std::vector<std::pair<std::int64_t, std::int32_t>>{{ExactDuration(kTestStepNs), 2}});
  CHECK(summary.operations[3].name == "zoom");
}

TEST_CASE("few durations are kept exactly, many in buckets") {
  for (const std::size_t calls : {kMaxExactDurations, kMaxExactDurations + 1}) {
    TraceBuilder t;
    for (std::size_t i = 0; i < calls; ++i) t.Tool("search", std::to_string(i), "x");
    const TraceSummary summary = t.Analyse();
    REQUIRE(summary.operations.size() == 1);
    const auto& durations = summary.operations[0].durations;
    REQUIRE(durations.size() == 1);
    CHECK(durations[0].second == static_cast<std::int32_t>(calls));
    CHECK(durations[0].first == (calls <= kMaxExactDurations
                                     ? ExactDuration(kTestStepNs)
                                     : std::int64_t{DurationBucket(kTestStepNs)}));
  }
}

TEST_CASE("buckets of durations are 5 % wide") {
  CHECK(DurationBucket(0) == 0);
  CHECK(DurationBucket(1000) == 0);
  CHECK(DurationBucket(1049) == 0);
  CHECK(DurationBucket(1050) == 1);
  CHECK(DurationBucket(10'000'000) == 188);  // 1.05^188 us = 9.6 ms
  CHECK(DurationBucket(INT64_MAX) < 850);
  double start = 1000;
  for (std::int16_t bucket = 1; (start *= 1.05) < 9e15; ++bucket) {
    const auto first = static_cast<std::int64_t>(std::ceil(start));
    CAPTURE(first);
    CHECK(DurationBucket(first) == bucket);
    CHECK(DurationBucket(first - 1) == bucket - 1);
  }
}

TEST_CASE("the strongest rule decides the outcome") {
  const auto say = [](SpanFacts& span, Outcome outcome, OutcomeRule rule) -> SpanFacts& {
    span.outcome = outcome;
    span.outcome_rule = rule;
    return span;
  };
  TraceBuilder t;
  CHECK(t.Analyse().outcome == Outcome::kUnknown);
  SpanFacts& root = say(t.Agent("planner"), Outcome::kSuccess, OutcomeRule::kRootStatus);
  t.Llm();
  CHECK(t.Analyse().outcome == Outcome::kSuccess);
  say(t.Add(Kind::kEvaluator, "style"), Outcome::kFailure, OutcomeRule::kEvaluator);
  say(t.Add(Kind::kEvaluator, "facts"), Outcome::kSuccess, OutcomeRule::kEvaluator);
  TraceSummary summary = t.Analyse();
  CHECK(summary.outcome == Outcome::kFailure);
  CHECK(summary.outcome_rule == OutcomeRule::kEvaluator);
  say(t.Llm(), Outcome::kFailure, OutcomeRule::kAttribute);  // reward of a step
  say(root, Outcome::kSuccess, OutcomeRule::kAttribute);
  summary = t.Analyse();
  CHECK(summary.outcome == Outcome::kSuccess);
  CHECK(summary.outcome_rule == OutcomeRule::kAttribute);
}

TEST_CASE("an outcome decided by the failure itself is marked") {
  TraceBuilder t;
  SpanFacts& root = t.Fail(t.Agent("planner"), "error");
  root.outcome = Outcome::kFailure;
  root.outcome_rule = OutcomeRule::kRootStatus;
  t.Llm().finish = FinishClass::kTruncated;
  t.Fail(t.Turn("search", "x", ""), "ValueError: bad");
  const TraceSummary summary = t.Analyse();
  REQUIRE(summary.findings.size() == 2);
  CHECK(OnlyFinding(summary, "error_cluster").decided == StoredFinding::Decided::kBySpan);
  CHECK(OnlyFinding(summary, "truncated").decided == StoredFinding::Decided::kNo);
}

TEST_CASE("a reported cost that is off by more than a tenth is a mismatch") {
  TraceBuilder t;
  const auto report = [&](std::int64_t reported) {
    SpanFacts& llm = t.Llm();
    llm.cost_source = CostSource::kReported;
    llm.cost_nano_usd = reported;
    llm.computed_nano_usd = 1'000'000;
  };
  report(1'090'000);
  report(910'000);
  CHECK(t.Analyse().cost_mismatches == 0);
  report(1'200'000);
  report(800'000);
  CHECK(t.Analyse().cost_mismatches == 2);
}

TEST_CASE("implausible times and costs do not overflow sums") {
  TraceBuilder t;
  for (int i = 0; i < 20; ++i) {
    SpanFacts& llm = t.Llm();
    llm.start_ns = 1;
    llm.end_ns = INT64_MAX - 1;
    llm.cost_nano_usd = kMostNanoUsd;
  }
  const TraceSummary summary = t.Analyse();
  CHECK(summary.critical_ns == 0);
  CHECK(summary.health.end_before_start == 20);
  CHECK(summary.nano_usd == 20 * kMostNanoUsd);
}

TEST_CASE("evidence is capped, occurrences are not") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 30; ++i) t.Fail(t.Turn("search", std::to_string(i), ""), "ValueError: bad");
  const auto found = FindingsOf(t.Analyse(), "error_cluster");
  REQUIRE(found.size() == 1);
  CHECK(found[0].span_ids.size() == 20);
  CHECK(found[0].occurrences == 30);
}

}  // namespace
}  // namespace halo
