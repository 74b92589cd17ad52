// SPDX-License-Identifier: MIT
// Runs of formats that record an order but no times.
#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/analysis/first_failure.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

// Fails twice at different tools, repeats a call, and is stopped by a limit.
void FillRun(TraceBuilder& t) {
  SpanFacts& agent = t.Agent("clerk");
  t.Fail(t.Turn("look_up", "{\"id\": 1}", ""), "KeyError");
  for (int i = 0; i < 4; ++i) t.Turn("poll", "{}", "pending");
  t.Fail(t.Turn("book", "{\"seat\": 2}", ""), "TimeoutError");
  t.Llm().finish = FinishClass::kTruncated;
  t.Close();
  t.Fail(agent, "gave up");
}

// Takes the times away, and turns the order of arrival round.
Trace WithoutTimes(TraceBuilder& t, std::int64_t root_start_ns) {
  std::vector<SpanFacts> spans(t.spans().begin(), t.spans().end());
  std::uint32_t sequence = 0;
  for (SpanFacts& span : spans) {
    span.sequence = ++sequence;
    span.start_ns = sequence == 1 ? root_start_ns : 0;
    span.end_ns = -1;
  }
  std::reverse(spans.begin(), spans.end());
  return BuildTrace("default", "t1", t.words(), std::move(spans));
}

TEST_CASE("without times, spans keep their order and everything found from it") {
  TraceBuilder t;
  FillRun(t);
  const Trace timed = t.Build();
  const Trace trace = WithoutTimes(t, 0);
  REQUIRE(trace.spans.size() == timed.spans.size());
  for (std::size_t i = 0; i < timed.spans.size(); ++i) {
    CHECK(trace.spans[i].span_id == timed.spans[i].span_id);
  }
  const auto first = FindFirstFailure(trace);
  const auto expected = FindFirstFailure(timed);
  REQUIRE((first && expected));
  CHECK(first->span == expected->span);
  REQUIRE(first->cascade.size() == expected->cascade.size());
  for (std::size_t i = 0; i < expected->cascade.size(); ++i) {
    CHECK(first->cascade[i].span == expected->cascade[i].span);
  }
  const TraceSummary with = AnalyseTrace(timed), without = AnalyseTrace(trace);
  REQUIRE(without.findings.size() == with.findings.size());
  CHECK(with.findings.size() >= 3);
  for (std::size_t i = 0; i < with.findings.size(); ++i) {
    CHECK(without.findings[i].mode == with.findings[i].mode);
    CHECK(without.findings[i].span_ids == with.findings[i].span_ids);
    CHECK(without.findings[i].waste.tokens == with.findings[i].waste.tokens);
  }
}

TEST_CASE("without times, no duration is reported") {
  TraceBuilder t;
  FillRun(t);
  for (const std::int64_t start_ns : {std::int64_t{0}, kTestStartNs}) {
    const TraceSummary summary = AnalyseTrace(WithoutTimes(t, start_ns));
    CHECK(summary.start_ns == start_ns);
    CHECK(PlausibleNs(summary.start_ns, summary.end_ns) < 0);
    CHECK(summary.critical_ns == 0);
    CHECK(summary.root_ended);
    CHECK(summary.health.spans_without_times == summary.span_count);
    for (const OperationRollup& rollup : summary.operations) CHECK(rollup.durations.empty());
    for (const StoredFinding& finding : summary.findings) {
      // Of a finding that wastes nothing, the time is known: none.
      CHECK(finding.waste.critical_ns == (finding.waste.tokens > 0 ? kUnknownAmount : 0));
    }
  }
}

TEST_CASE("a root that says how long the run took is believed") {
  TraceBuilder t;
  FillRun(t);
  const Trace without = WithoutTimes(t, kTestStartNs);
  std::vector<SpanFacts> spans = without.spans;
  spans[0].end_ns = kTestStartNs + 7 * kTestStepNs;
  const TraceSummary summary = AnalyseTrace(BuildTrace("default", "t1", t.words(), spans));
  CHECK(PlausibleNs(summary.start_ns, summary.end_ns) == 7 * kTestStepNs);
  CHECK(summary.health.spans_without_times == summary.span_count - 1);
}

}  // namespace
}  // namespace halo
