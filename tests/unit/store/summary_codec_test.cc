// SPDX-License-Identifier: MIT
#include "engine/summaries/summary_codec.h"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/support/summary_bytes.h"

namespace halo {
namespace {

// A summary with something in every field.
TraceSummary FullSummary() {
  TraceSummary s;
  s.project = "p";
  s.trace_id = "0af7651916cd43dd8448eb211c80319c";
  s.name = "run";
  s.service = "svc";
  s.version = "v1";
  s.environment = "prod";
  s.session = "s";
  s.user = "u";
  s.task = "t";
  s.agents = {"a", "b"};
  s.models = {"m"};
  s.tags = {"x", "y", "z"};
  s.start_ns = 1'700'000'000'000'000'000;
  s.end_ns = s.start_ns + 5;
  s.span_count = 20;
  s.llm_calls = 1;
  s.tool_calls = 2;
  s.steps = 3;
  s.failed_spans = 4;
  s.root_ended = true;
  s.usage = {1, 2, 3, 4, 5};
  s.nano_usd = -6;
  s.unpriced_calls = 7;
  s.reported_costs = 8;
  s.computed_costs = 9;
  s.cost_mismatches = 10;
  s.cache_rules = {1, 2, 3, 4, 5, 6, 7, 8};
  s.readings = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
  s.critical_ns = 11;
  s.outcome = Outcome::kFailure;
  s.outcome_rule = OutcomeRule::kEvaluator;
  s.eligible = ~0ull;
  s.health = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  s.judged_by = 14;
  s.dialects = {{"openinference", 3}, {"otel_genai", 5}};
  s.unread_keys = {{"vendor.model", 4}};
  s.behaviours = {"fsearch", "tsearch"};
  s.slow_spots = {{SlowKind::kSerialCalls, "a", "search", "", "0123456789abcdef", 4, 5},
                  {SlowKind::kGap, "a", "search", "chat", "0123456789abcdef", 1, 7}};
  OperationRollup operation;
  operation.kind = Kind::kLlm;
  operation.agent = "a";
  operation.name = "chat";
  operation.model = "m";
  operation.count = 2;
  operation.errors = 1;
  operation.unpriced = 1;
  operation.usage = {5, 4, 3, 2, 1};
  operation.nano_usd = 99;
  operation.duration_ns = 1000;
  operation.max_ns = 900;
  operation.critical_ns = 800;
  operation.role = CallRole::kFinal;
  operation.prompt = 0xdeadbeef;
  operation.wasted = {12, 13, 14};
  operation.durations = {{-3, 1}, {200, 1}};
  s.operations = {operation, {}};
  StoredFinding finding;
  finding.mode = 0xabcdef012345;
  finding.detector = 5;
  finding.locus = {"a", "tool", "span"};
  finding.signature = "sig";
  finding.tag = "timeout";
  finding.occurrences = 3;
  finding.span_ids = {"s1", "s2"};
  finding.evidence = {{EvidenceRole::kResult, {"s1", "attributes.x", 3, 4}},
                      {EvidenceRole::kAnswer, {"s2", "attributes.y", 0, 1}}};
  finding.waste = {1, 2, 3};
  finding.decided = StoredFinding::Decided::kBySpan;
  finding.signature_kind = SignatureKind::kErrorText;
  finding.opportunity = Opportunity::kAgent;
  finding.confidence = Confidence::kLikely;
  finding.lies_in = {3, 0};
  finding.condition = Condition::kOverMedian;
  finding.value = -7;
  finding.limit = 10'000;
  finding.at_ns = 1'700'000'000'000'000'123;
  s.measures = {{22, "a", "tool", 1, 2}, {23, "", "", -1, 1}};
  s.findings = {finding, {}};
  return s;
}

TEST_CASE("a summary survives encoding") {
  const TraceSummary s = FullSummary();
  const OperationRollup& operation = s.operations[0];
  const StoredFinding& finding = s.findings[0];
  const std::string bytes = SummaryBytes(s);
  SummaryColumns columns;
  REQUIRE(DecodeColumns(bytes, Detail::kAll, columns).has_value());
  REQUIRE(columns.size() == 1);
  const TraceSummary back = SummaryAt(columns, 0);
  CHECK(SummaryBytes(back) == bytes);
  CHECK(back.trace_id == s.trace_id);
  CHECK(back.user == "u");
  CHECK(back.tags == s.tags);
  CHECK(back.nano_usd == -6);
  CHECK(back.cache_rules == s.cache_rules);
  CHECK(back.readings == s.readings);
  CHECK(back.outcome_rule == OutcomeRule::kEvaluator);
  CHECK(back.eligible == ~0ull);
  CHECK(back.health.clipped_spans == 9);
  CHECK(back.judged_by == 14);
  CHECK(back.dialects == s.dialects);
  CHECK(back.unread_keys == s.unread_keys);
  REQUIRE(back.operations.size() == 2);
  CHECK(back.operations[0].durations == operation.durations);
  CHECK(back.operations[0].role == operation.role);
  CHECK(back.operations[0].prompt == operation.prompt);
  CHECK(back.operations[0].wasted == operation.wasted);
  CHECK(back.operations[0].usage.cache_write == 2);
  REQUIRE(back.findings.size() == 2);
  CHECK(back.findings[0].span_ids == finding.span_ids);
  REQUIRE(back.findings[0].evidence.size() == 2);
  CHECK(back.findings[0].evidence[0].role == EvidenceRole::kResult);
  CHECK(back.findings[0].evidence[0].quote.path == "attributes.x");
  CHECK(back.findings[0].evidence[1].role == EvidenceRole::kAnswer);
  CHECK(back.findings[0].evidence[1].quote.length == 1);
  CHECK(back.findings[1].evidence.empty());
  CHECK(back.findings[0].locus == finding.locus);
  CHECK(back.findings[0].decided == StoredFinding::Decided::kBySpan);
  CHECK(back.findings[0].signature_kind == SignatureKind::kErrorText);
  CHECK(back.findings[0].opportunity == Opportunity::kAgent);
  CHECK(back.findings[0].confidence == Confidence::kLikely);
  CHECK(back.findings[0].lies_in == std::vector<std::uint32_t>{3, 0});
  CHECK(back.findings[1].lies_in.empty());
  CHECK(back.findings[0].condition == Condition::kOverMedian);
  CHECK(back.findings[0].value == -7);
  CHECK(back.findings[0].limit == 10'000);
  CHECK(back.findings[0].at_ns == finding.at_ns);
  REQUIRE(back.measures.size() == 2);
  CHECK(back.measures[0].detector == 22);
  CHECK(back.measures[0].name == "tool");
  CHECK(back.measures[0].count == 2);
  CHECK(back.measures[1].value == -1);
  for (std::size_t cut = 0; cut + 1 < bytes.size(); ++cut) {
    CHECK(!DecodeColumns(bytes.substr(0, cut), Detail::kAll, columns).has_value());
    CHECK(columns.size() == 1);
  }
}

TEST_CASE("blocks of summaries follow one another in each detail") {
  const TraceSummary summary = FullSummary();
  const std::string bytes = SummaryBytes(summary);
  for (const Detail detail : {Detail::kCore, Detail::kTimings, Detail::kAll}) {
    SummaryColumns columns;
    REQUIRE(DecodeColumns(bytes, detail, columns).has_value());
    REQUIRE(DecodeColumns(bytes, detail, columns).has_value());
    REQUIRE(DecodeColumns(bytes, detail, columns).has_value());
    CHECK(columns.size() == 3);
    CHECK(columns.has_timings() == (detail != Detail::kCore));
    CHECK(columns.has_evidence() == (detail == Detail::kAll));
    SummaryColumns kept;
    AppendRows(columns, {false, true, true}, kept);
    REQUIRE(kept.size() == 2);
    CHECK(kept.ids[kept.session[1]] == "s");
    CHECK(kept.words[kept.operations.name[2]] == "chat");
    CHECK(kept.has_timings() == (detail != Detail::kCore));
    if (detail == Detail::kAll) CHECK(SummaryBytes(SummaryAt(kept, 1)) == bytes);
  }
}

TEST_CASE("rows are copied with all of their evidence") {
  TraceSummary summary;
  summary.findings.resize(2);
  summary.findings[0].evidence = {{EvidenceRole::kFailed, {"s1", "status.message", 0, 9}},
                                  {EvidenceRole::kArguments, {"s2", "attributes.input", 4, 2}}};
  summary.findings[1].evidence = {{EvidenceRole::kAnswer, {"s3", "attributes.output", 1, 7}}};
  SummaryColumns columns, kept;
  AppendSummary(TraceSummary(), {}, columns);
  AppendSummary(summary, {}, columns);
  AppendRows(columns, {false, true}, kept);
  REQUIRE(kept.size() == 1);
  CHECK(kept.has_evidence());
  CHECK(SummaryBytes(SummaryAt(kept, 0)) == SummaryBytes(summary));
}

}  // namespace
}  // namespace halo
