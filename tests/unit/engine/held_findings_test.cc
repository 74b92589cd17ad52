// SPDX-License-Identifier: MIT
// Which findings of population detectors hold, given the other runs of the project.
#include "engine/summaries/held_findings.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/summaries/aggregates.h"
#include "engine/summaries/stretches.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kLaterNs = std::int64_t{1} << 62;
constexpr std::uint8_t kDetector = 22;

TraceSummary RunOf(int number, const std::string& project = "default") {
  TraceSummary s;
  s.project = project;
  s.trace_id = "trace" + std::to_string(1000 + number);
  s.agents = {"planner"};
  s.start_ns = kTestStartNs + number * kSecondNs;
  s.end_ns = s.start_ns + kSecondNs;
  s.span_count = s.steps = s.llm_calls = 1;
  s.root_ended = true;
  s.eligible = std::uint64_t{1} << kDetector;
  OperationRollup& operation = s.operations.emplace_back();
  operation.kind = Kind::kTool;
  operation.agent = "planner";
  operation.name = "look";
  operation.count = 2;
  return s;
}

StoredFinding& AddFinding(TraceSummary& s, Condition condition, std::int64_t value,
                          std::int64_t limit, ModeId mode = 7) {
  StoredFinding& finding = s.findings.emplace_back();
  finding.mode = mode;
  finding.detector = kDetector;
  finding.locus = {"planner", "look", ""};
  finding.opportunity =
      condition == Condition::kOthersCall ? Opportunity::kAgent : Opportunity::kCall;
  finding.condition = condition;
  finding.value = value;
  finding.limit = limit;
  return finding;
}

template <class Value>
void AddMeasure(TraceSummary& s, Value value, std::int32_t count = 1, std::string name = {}) {
  s.measures.push_back(
      {kDetector, "planner", std::move(name), static_cast<std::int64_t>(value), count});
}

SummaryTable TableOf(const std::vector<TraceSummary>& runs) {
  SummaryTable table;
  std::int64_t number = 1;
  for (const TraceSummary& run : runs) {
    SummaryColumns columns;
    AppendSummary(run, {number++, 0, 0}, columns);
    const auto block = UnpackColumns(EncodeColumns(columns, false), table.detail());
    REQUIRE(block.has_value());
    REQUIRE(table.Add(*block).has_value());
  }
  return table;
}

Question Later() {
  Question question;
  question.now_ns = kLaterNs;
  return question;
}

std::size_t Shown(const std::vector<TraceSummary>& runs, const Question& question = Later()) {
  const SummaryTable table = TableOf(runs);
  const std::vector<ModeStats> modes = AnswerModes(table, question, 0);
  return modes.empty() ? 0 : static_cast<std::size_t>(modes[0].units);
}

// `silent` runs that answer only, `calling` ones and `chats`.
std::vector<TraceSummary> Callers(int silent, int calling, int chats = 0) {
  std::vector<TraceSummary> runs;
  for (int i = 0; i < silent + calling + chats; ++i) {
    TraceSummary& run = runs.emplace_back(RunOf(i));
    if (i < silent) {
      AddMeasure(run, ChatOrCall::kAnswersOnly);
      AddFinding(run, Condition::kOthersCall, 0, 300);
    } else {
      AddMeasure(run, i < silent + calling ? ChatOrCall::kCalls : ChatOrCall::kIsChat);
    }
  }
  return runs;
}

TEST_CASE("a run without a call stands out where 30 % of at least three others call") {
  CHECK(Shown(Callers(1, 3)) == 1);
  CHECK(Shown(Callers(7, 3)) == 7);     // 3 of 9 others
  CHECK(Shown(Callers(8, 3)) == 8);     // 3 of 10
  CHECK(Shown(Callers(9, 3)) == 0);     // 3 of 11
  CHECK(Shown(Callers(1, 2)) == 0);     // too few to compare with
  CHECK(Shown(Callers(1, 0)) == 0);     //
  CHECK(Shown(Callers(2, 9, 1)) == 2);  // 1 of 11 others is a chat
  CHECK(Shown(Callers(2, 6, 2)) == 0);  // an agent for chats
}

TEST_CASE("traces of one agent in one session are a chat") {
  std::vector<TraceSummary> runs = Callers(2, 6);
  runs[2].session = runs[3].session = "s1";
  CHECK(Shown(runs) == 0);
  runs[3].session = "s2";
  CHECK(Shown(runs) == 2);
}

TEST_CASE("other projects and runs that have not settled do not count") {
  std::vector<TraceSummary> runs = Callers(1, 3);
  runs[2].project = "other";
  CHECK(Shown(runs) == 0);
  runs = Callers(1, 3);
  SummaryTable table = TableOf(runs);
  Question early = Later();
  early.now_ns = 1;  // nothing has settled
  const HeldFindings held(table, early);
  CHECK_FALSE(held.Has(0));
  CHECK(HeldFindings(table, Later()).Has(0));
}

TEST_CASE(
    "the filter of a question changes which runs are shown, not what they are compared with") {
  const std::vector<TraceSummary> runs = Callers(1, 3);
  Question question = Later();
  question.filter.until_ns = runs[0].start_ns + 1;
  CHECK(Shown(runs, question) == 1);
}

TEST_CASE("a call is an outlier above ten times the median of at least five") {
  const auto shown = [](std::int64_t seconds, std::int32_t slow, std::int32_t calls) {
    std::vector<TraceSummary> runs = {RunOf(0), RunOf(1)};
    runs[0].operations[0].count = 1;
    AddMeasure(runs[0], seconds * kSecondNs, 1, "look");
    AddFinding(runs[0], Condition::kOverMedian, seconds * kSecondNs, 10'000);
    runs[1].operations[0].count = calls;
    if (slow > 0) AddMeasure(runs[1], 20 * kSecondNs, slow, "look");
    return Shown(runs) == 1;
  };
  CHECK(shown(100, 0, 4));
  CHECK_FALSE(shown(100, 0, 3));   // five calls in all
  CHECK_FALSE(shown(100, 9, 10));  // the median is 20 s
  CHECK_FALSE(shown(199, 9, 10));  //
  CHECK(shown(201, 9, 10));        // more than ten times 20 s
  CHECK(shown(100, 3, 10));        // most calls are fast
  CHECK_FALSE(shown(100, 5, 9));   // just not
}

TEST_CASE("long calls that overlap in absolute time are one stretch") {
  std::vector<TraceSummary> runs;
  for (const std::int64_t at : {0, 50, 90, 1000, 5000}) {
    TraceSummary& run = runs.emplace_back(RunOf(static_cast<int>(runs.size())));
    run.operations[0].count = 10;
    AddMeasure(run, 100 * kSecondNs, 1, "look");
    AddFinding(run, Condition::kOverMedian, 100 * kSecondNs, 10'000).at_ns =
        kTestStartNs + at * kSecondNs;
  }
  const std::vector<ModeStats> modes = AnswerModes(TableOf(runs), Later(), 0);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].stretches == 3);
  CHECK(modes[0].largest_stretch == 3);
  CHECK(FindStretches({}).count == 0);
}

TEST_CASE("one text is a fault where others get different texts, and not that one among them") {
  constexpr std::int64_t kText = 1234;
  const auto shown = [](int different, int same, bool known) {
    std::vector<TraceSummary> runs = {RunOf(0)};
    AddMeasure(runs[0], TextKind::kOneText, 1, "look");
    AddFinding(runs[0], Condition::kTextOfFault, kText, 300);
    for (int i = 0; i < different + same; ++i) {
      TraceSummary& run = runs.emplace_back(RunOf(i + 1));
      const bool differs = i < different;
      AddMeasure(run, differs ? TextKind::kDifferentTexts : TextKind::kOneText, 1, "look");
      if (differs) AddMeasure(run, known ? kText : kText + 1, 1, "look");
    }
    return Shown(runs) == 1;
  };
  CHECK(shown(1, 0, false));
  CHECK(shown(3, 7, false));
  CHECK_FALSE(shown(2, 8, false));  // the tool hardly ever distinguishes
  CHECK_FALSE(shown(0, 0, false));
  CHECK_FALSE(shown(5, 0, true));  // "no results"
}

TEST_CASE("every answer leaves the same findings out") {
  for (const int calling : {1, 3}) {
    CAPTURE(calling);
    const bool holds = calling == 3;
    std::vector<TraceSummary> runs = Callers(1, calling);
    // One that holds by itself, and lies in the turn of the other.
    AddFinding(runs[0], Condition::kNone, 0, 0, 9).lies_in = {1};
    const SummaryTable table = TableOf(runs);
    const Question question = Later();

    const std::vector<ModeStats> modes = AnswerModes(table, question, 0);
    REQUIRE(modes.size() == 1);
    CHECK(modes[0].id == (holds ? 7 : 9));  // 9 is an effect of 7
    Question filtered = question;
    filtered.filter.failure_mode = 7;
    const auto page = AnswerTraces(table, filtered, TraceSort::kNewest, 10, {});
    REQUIRE(page.has_value());
    CHECK(page->matched == (holds ? 1 : 0));
    const auto all = AnswerTraces(table, question, TraceSort::kNewest, 10, {});
    REQUIRE(all.has_value());
    const auto row = std::find_if(all->rows.begin(), all->rows.end(), [&](const TraceRow& each) {
      return each.key.trace_id == "trace1000";
    });
    REQUIRE(row != all->rows.end());
    CHECK(row->modes == std::vector<ModeId>{holds ? ModeId{7} : ModeId{9}});

    TraceSummary summary = runs[0];
    KeepHeldFindings(table, question, summary);
    REQUIRE(summary.findings.size() == (holds ? 2u : 1u));
    CHECK(summary.findings.back().lies_in ==
          (holds ? std::vector<std::uint32_t>{1} : std::vector<std::uint32_t>{}));
  }
}

TEST_CASE("findings are judged again when another run settles") {
  std::vector<TraceSummary> runs = Callers(1, 3);
  SummaryTable table = TableOf({runs[0], runs[1]});
  CHECK_FALSE(HeldFindings(table, Later()).Has(0));
  for (std::size_t i = 2; i < runs.size(); ++i) {
    SummaryColumns columns;
    AppendSummary(runs[i], {static_cast<std::int64_t>(i) + 1, 0, 0}, columns);
    const auto block = UnpackColumns(EncodeColumns(columns, false), table.detail());
    REQUIRE(block.has_value());
    REQUIRE(table.Add(*block).has_value());
  }
  CHECK(HeldFindings(table, Later()).Has(0));
}

}  // namespace
}  // namespace halo
