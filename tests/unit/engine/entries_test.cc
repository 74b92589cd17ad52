// SPDX-License-Identifier: MIT
// Entries: which modes are one defect, which are its effects, and which runs could show it.
#include "engine/summaries/entries.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "engine/analysis/rank.h"
#include "engine/summaries/aggregates.h"
#include "engine/text/error_shape.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;

struct Told {
  std::string name;  // of the mode; decides its id
  std::vector<std::uint32_t> lies_in{};
  std::string agent = "planner", tool = "search", signature{};
  SignatureKind kind = SignatureKind::kFixed;
  Confidence confidence = Confidence::kProven;
};

ModeId IdOf(const std::string& name) { return 1000 + static_cast<ModeId>(name[0]); }

struct TestRun {
  std::vector<Told> findings;
  std::string agent = "planner";
  std::vector<std::pair<std::string, std::string>> calls = {{"planner", "search"}};
  std::string task{};
  Outcome outcome = Outcome::kUnknown;
};

TraceSummary SummaryOf(const TestRun& run, int number) {
  TraceSummary s;
  s.project = "default";
  s.trace_id = "trace" + std::to_string(1000 + number);
  s.agents = {run.agent};
  s.task = run.task;
  s.start_ns = (number + 1) * kHourNs;
  s.end_ns = s.start_ns + 1'000'000'000;
  s.span_count = s.steps = s.llm_calls = 1;
  s.root_ended = true;
  s.outcome = run.outcome;
  s.outcome_rule = run.outcome == Outcome::kUnknown ? OutcomeRule::kNone : OutcomeRule::kAttribute;
  s.eligible = 1;
  for (const auto& [agent, tool] : run.calls) {
    OperationRollup& operation = s.operations.emplace_back();
    operation.kind = Kind::kTool;
    operation.agent = agent;
    operation.name = tool;
    operation.count = 1;
  }
  for (const Told& told : run.findings) {
    StoredFinding& finding = s.findings.emplace_back();
    finding.mode = IdOf(told.name);
    finding.locus = {told.agent, told.tool, ""};
    finding.signature = told.signature.empty() ? told.name : told.signature;
    finding.signature_kind = told.kind;
    finding.confidence = told.confidence;
    finding.lies_in = told.lies_in;
  }
  return s;
}

// The table of runs that arrived in the order of `order`.
SummaryTable TableOf(const std::vector<TestRun>& runs, const std::vector<int>& order) {
  SummaryTable table;
  for (const int number : order) {
    SummaryColumns columns;
    AppendSummary(SummaryOf(runs[static_cast<std::size_t>(number)], number), {number, 0, 0},
                  columns);
    const auto block = UnpackColumns(EncodeColumns(columns, false), table.detail());
    REQUIRE(block.has_value());
    REQUIRE(table.Add(*block).has_value());
  }
  return table;
}

std::vector<int> InOrder(std::size_t runs) {
  std::vector<int> order(runs);
  for (std::size_t i = 0; i < runs; ++i) order[i] = static_cast<int>(i);
  return order;
}

Question Later() {
  Question question;
  question.now_ns = 1'000'000 * kHourNs;
  return question;
}

std::vector<ModeStats> Modes(const std::vector<TestRun>& runs, const Question& question = Later(),
                             ModeId only = 0) {
  return AnswerModes(TableOf(runs, InOrder(runs.size())), question, only);
}

TestRun RunOf(std::vector<Told> findings) {
  TestRun run;
  run.findings = std::move(findings);
  return run;
}

std::vector<ModeId> IdsOf(const std::vector<ModeMember>& members) {
  std::vector<ModeId> ids;
  for (const ModeMember& member : members) ids.push_back(member.id);
  return ids;
}

Told ErrorIn(const std::string& name, const std::string& agent, const std::string& text) {
  return {name, {}, agent, "search", text, SignatureKind::kErrorText};
}

// A's findings come first; B follows in the turn, in `shared` of 5 runs, and is alone in the rest.
std::vector<TestRun> EffectsIn(int shared) {
  std::vector<TestRun> runs;
  for (int i = 0; i < 5; ++i) {
    runs.push_back(i < shared ? RunOf({{"A"}, {"B", {0 * 2 + 1}}}) : RunOf({{"B"}}));
  }
  for (int i = 0; i < 5; ++i) runs.push_back(RunOf({{"A"}}));
  return runs;
}

}  // namespace

TEST_CASE("an error of one tool under several agents is one entry, named by the mode seen first") {
  const std::vector<TestRun> runs = {
      RunOf({ErrorIn("Z", "booker", "backend is closed")}),
      RunOf({ErrorIn("A", "planner", "backend is closed")}),
      RunOf({ErrorIn("A", "planner", "backend is closed")}),
      RunOf({ErrorIn("C", "planner", "quota of the day is used up")})};
  const std::vector<ModeStats> modes = Modes(runs);
  REQUIRE(modes.size() == 2);
  const ModeStats& entry = modes[0].id == IdOf("Z") ? modes[0] : modes[1];
  CHECK(entry.id == IdOf("Z"));
  CHECK(entry.units == 3);
  CHECK(entry.occurrences == 3);
  CHECK(IdsOf(entry.variants) == std::vector<ModeId>{IdOf("A")});
  CHECK(entry.variants[0].traces == 2);
  CHECK(entry.variants[0].locus.agent == "planner");

  // Every member leads to the entry, under every filter.
  for (const char* name : {"A", "Z"}) {
    const std::vector<ModeStats> one = Modes(runs, Later(), IdOf(name));
    REQUIRE(one.size() == 1);
    CHECK(one[0].id == IdOf("Z"));
  }
  Question late = Later();
  late.filter.since_ns = 2 * kHourNs;
  const std::vector<ModeStats> filtered = Modes(runs, late, IdOf("A"));
  REQUIRE(filtered.size() == 1);
  CHECK(filtered[0].id == IdOf("Z"));
  CHECK(filtered[0].units == 2);
  Question of_entry = Later();
  of_entry.filter.failure_mode = IdOf("A");
  const auto page =
      AnswerTraces(TableOf(runs, InOrder(runs.size())), of_entry, TraceSort::kNewest, 10, {});
  REQUIRE(page.has_value());
  CHECK(page->matched == 3);
  for (const TraceRow& row : page->rows) CHECK(row.modes == std::vector<ModeId>{IdOf("Z")});
}

TEST_CASE("a mode is an effect if four fifths of its findings lie in turns of another") {
  std::vector<ModeStats> modes = Modes(EffectsIn(4));
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].id == IdOf("A"));
  CHECK(IdsOf(modes[0].effects) == std::vector<ModeId>{IdOf("B")});
  CHECK(modes[0].effects[0].traces == 5);
  CHECK(modes[0].units == 10);
  modes = Modes(EffectsIn(3));
  CHECK(modes.size() == 2);
  // A filter that selects only shared runs does not fold what all runs keep apart.
  Question first = Later();
  first.filter.until_ns = 3 * kHourNs;
  CHECK(Modes(EffectsIn(3), first).size() == 2);
}

TEST_CASE("of two modes that always share turns, the one that comes first is the cause") {
  const std::vector<TestRun> runs(3, RunOf({{"B", {1 * 2 + 1}}, {"A", {0 * 2}}}));
  const std::vector<ModeStats> modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].id == IdOf("A"));
  const std::vector<TestRun> other(3, RunOf({{"B", {1 * 2}}, {"A", {0 * 2 + 1}}}));
  CHECK(Modes(other).at(0).id == IdOf("B"));
}

TEST_CASE("effects of effects hang under the topmost, and a circle has a top") {
  std::vector<TestRun> runs(4, RunOf({{"A"}, {"B", {0 * 2 + 1}}}));
  runs.resize(12, RunOf({{"A"}}));
  runs.insert(runs.end(), 1, RunOf({{"B"}, {"C", {0 * 2 + 1}}}));
  std::vector<ModeStats> modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].id == IdOf("A"));
  CHECK(IdsOf(modes[0].effects) == std::vector<ModeId>{IdOf("B"), IdOf("C")});

  const std::vector<TestRun> circle(
      2, RunOf({{"A", {1 * 2 + 1}}, {"B", {2 * 2 + 1}}, {"C", {0 * 2 + 1}}}));
  modes = Modes(circle);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].effects.size() == 2);
}

Told Candidate(const std::string& name, std::vector<std::uint32_t> lies_in = {}) {
  Told told{name, std::move(lies_in)};
  told.confidence = Confidence::kCandidate;
  return told;
}

TEST_CASE("a candidate is no cause of a surer mode, and as its effect does not count") {
  // The candidate C comes first, and all findings of the proven P lie in its turns, as in reverse.
  std::vector<TestRun> runs(4, RunOf({Candidate("C", {1 * 2}), {"P", {0 * 2 + 1}}}));
  runs.push_back(RunOf({Candidate("C")}));
  std::vector<ModeStats> modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].id == IdOf("P"));
  CHECK(modes[0].confidence == Confidence::kProven);
  CHECK(modes[0].units == 4);  // not the run that shows the candidate only
  CHECK(modes[0].occurrences == 4);
  CHECK(IdsOf(modes[0].effects) == std::vector<ModeId>{IdOf("C")});
  CHECK(modes[0].effects[0].traces == 5);
  Question of_entry = Later();
  of_entry.filter.failure_mode = IdOf("C");
  const SummaryTable table = TableOf(runs, InOrder(runs.size()));
  auto page = AnswerTraces(table, of_entry, TraceSort::kNewest, 10, {});
  REQUIRE(page.has_value());
  CHECK(page->matched == 4);
  page = AnswerTraces(table, Later(), TraceSort::kNewest, 10, {});
  REQUIRE(page.has_value());
  CHECK(page->rows[0].modes.empty());
  CHECK(page->rows[1].modes == std::vector<ModeId>{IdOf("P")});

  // Among candidates, all is as among sure ones.
  for (TestRun& run : runs) {
    for (Told& told : run.findings) told.confidence = Confidence::kCandidate;
  }
  modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].id == IdOf("C"));
  CHECK(modes[0].confidence == Confidence::kCandidate);
  CHECK(modes[0].units == 5);
}

TEST_CASE("failed runs that show no proven or likely mode are counted and found") {
  std::vector<TestRun> runs = {RunOf({{"A"}}), RunOf({Candidate("C")}), RunOf({}), RunOf({})};
  for (const int failed : {0, 1, 2})
    runs[static_cast<std::size_t>(failed)].outcome = Outcome::kFailure;
  runs[3].outcome = Outcome::kSuccess;
  SummaryTable table = TableOf(runs, InOrder(runs.size()));
  CHECK(AnswerOverview(table, Later()).failed_without_mode == 2);
  const auto matched = [&](std::optional<bool> no_mode, std::optional<Outcome> outcome,
                           Unit unit = Unit::kTrace) {
    Question question = Later();
    question.units.unit = unit;
    question.filter.no_mode = no_mode;
    question.filter.outcome = outcome;
    return AnswerTraces(table, question, TraceSort::kNewest, 10, {})->matched;
  };
  CHECK(matched(true, {}) == 3);
  CHECK(matched(true, Outcome::kFailure) == 2);
  CHECK(matched(false, {}) == 1);

  // Where the session is the run, one of its traces suffices.
  table = SummaryTable();
  for (int number = 0; number < 4; ++number) {
    TraceSummary summary = SummaryOf(runs[static_cast<std::size_t>(number)], number);
    summary.session = number < 2 ? "one" : "two";
    SummaryColumns columns;
    AppendSummary(summary, {number, 0, 0}, columns);
    REQUIRE(table.Add(*UnpackColumns(EncodeColumns(columns, false), table.detail())).has_value());
  }
  CHECK(matched(true, {}, Unit::kSession) == 2);
  CHECK(matched(true, {}, Unit::kTrace) == 3);
  Question sessions = Later();
  sessions.units.unit = Unit::kSession;
  CHECK(AnswerOverview(table, sessions).failed_without_mode == 1);
}

TEST_CASE("positions of damaged data are passed over") {
  CHECK(Modes({RunOf({{"A", {77}}, {"B", {4'000'000'000U}}})}).size() == 2);
}

TEST_CASE("entries do not depend on the order of arrival") {
  std::vector<TestRun> runs = EffectsIn(4);
  const std::vector<std::string> texts = {
      "no seat left on the flight to Rome this week", "no seat left on the train to Rome this week",
      "no berth left on the boat to Rome this week", "every seat on the flight was sold last week"};
  for (std::size_t i = 0; i < 12; ++i) {
    const std::string name(1, static_cast<char>('K' + i % texts.size()));
    runs.push_back(RunOf({ErrorIn(name, i % 2 ? "planner" : "booker", texts[i % texts.size()])}));
  }
  const auto text = [](const std::vector<ModeStats>& modes) {
    std::string out;
    for (const ModeStats& mode : modes) {
      out += std::to_string(mode.id) + " " + std::to_string(mode.units) + "/" +
             std::to_string(mode.eligible_units) + ":";
      for (const ModeMember& m : mode.variants) out += " v" + std::to_string(m.id);
      for (const ModeMember& m : mode.effects) out += " e" + std::to_string(m.id);
      out += "\n";
    }
    return out;
  };
  std::vector<int> order = InOrder(runs.size());
  const std::string expected = text(AnswerModes(TableOf(runs, order), Later(), 0));
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    CHECK(text(AnswerModes(TableOf(runs, order), Later(), 0)) == expected);
  }
}

TEST_CASE("a chain of similar errors does not merge its ends") {
  const std::vector<std::string> texts = {
      "the first worker of the pool could not reach the index in time",
      "the first worker of the pool could not reach the ledger in time",
      "the first worker of the pool could not open the ledger at all",
      "the first clerk of the bank could not open the ledger at all",
      "a clerk at the bank would not open the ledger at all today"};
  std::vector<ErrorShape> shapes;
  for (const std::string& text : texts) shapes.push_back(ShapeOfError(text));
  std::vector<const ErrorShape*> pointers;
  for (const ErrorShape& shape : shapes) pointers.push_back(&shape);
  const std::vector<std::uint32_t> groups = GroupByTemplate(pointers);
  CHECK(groups[0] == groups[1]);
  CHECK(groups[0] != groups[4]);
}

TEST_CASE("runs that call the tool of the agent are eligible, and no others") {
  std::vector<TestRun> runs;
  for (int i = 0; i < 12; ++i)
    runs.push_back(RunOf(i < 8 ? std::vector<Told>{{"A"}} : std::vector<Told>{}));
  // Another agent calls the tool; the agent calls another tool.
  for (int i = 0; i < 5; ++i) {
    runs.push_back(RunOf({}));
    runs.back().calls = i % 2
                            ? std::vector<std::pair<std::string, std::string>>{{"other", "search"}}
                            : std::vector<std::pair<std::string, std::string>>{{"planner", "x"}};
  }
  std::vector<ModeStats> modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].units == 8);
  CHECK(modes[0].eligible_units == 12);
  CHECK(modes[0].eligible_by == EligibleBy::kTool);

  // A tool that no run calls: all runs of the agent.
  for (TestRun& run : runs) {
    for (Told& told : run.findings) told.tool = "serch";
  }
  modes = Modes(runs);
  CHECK(modes.at(0).eligible_units == 17);
  CHECK(modes.at(0).eligible_by == EligibleBy::kAgent);

  // Of an entry, the union over its members.
  runs = {RunOf({ErrorIn("A", "planner", "closed")}), RunOf({ErrorIn("B", "other", "closed")}),
          RunOf({}), RunOf({})};
  runs[1].calls = runs[2].calls = {{"other", "search"}};
  runs[3].calls = {{"third", "search"}};
  modes = Modes(runs);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].units == 2);
  CHECK(modes[0].eligible_units == 3);
}

TEST_CASE("runs of one task are a cluster of the share") {
  std::vector<TestRun> runs;
  for (int i = 0; i < 24; ++i) {
    runs.push_back(
        RunOf(i % 4 == 0 || i % 4 == 1 ? std::vector<Told>{{"A"}} : std::vector<Told>{}));
    runs.back().task = "task" + std::to_string(i / 2);
  }
  // Pairs of runs: both show it, or neither does.
  const SummaryTable table = TableOf(runs, InOrder(runs.size()));
  const auto [totals, modes] = AnswerOverviewAndModes(table, Later(), 0);
  REQUIRE(modes.size() == 1);
  CHECK(modes[0].eligible_clusters == std::vector<ClusterCount>{{2, 0, 6}, {2, 2, 6}});
  CHECK(modes[0].clusters == modes[0].eligible_clusters);
  const std::vector<RankedMode> ranked = RankModes(modes, totals, {}, 0);
  CHECK(ranked[0].rate.value == 0.5);
  CHECK(ranked[0].rate.low == Approx(0.2538).margin(0.0001));  // Wilson of 6 in 12
  // Without tasks each run counts for itself.
  for (TestRun& run : runs) run.task.clear();
  const auto alone = AnswerModes(TableOf(runs, InOrder(runs.size())), Later(), 0);
  CHECK(alone[0].eligible_clusters.empty());
}

TEST_CASE("a status given to any variant is the entry's, an effect has none") {
  ModeStats stats;
  stats.id = 1;
  stats.variants = {{2, 0, {}, "", 1}};
  stats.effects = {{3, 0, {}, "", 1}};
  const auto status = [&](std::vector<Triage> triages) {
    return RankModes({stats}, {}, triages, 100)[0].triage.status;
  };
  CHECK(status({{2, TriageStatus::kIgnored, "", 1, 0}}) == TriageStatus::kIgnored);
  CHECK(status({{3, TriageStatus::kIgnored, "", 1, 0}}) == TriageStatus::kOpen);
  CHECK(status({{2, TriageStatus::kIgnored, "", 9, 0}, {1, TriageStatus::kAccepted, "", 1, 0}}) ==
        TriageStatus::kAccepted);
  CHECK(status({{1, TriageStatus::kAccepted, "", 1, 0}, {2, TriageStatus::kIgnored, "", 9, 0}}) ==
        TriageStatus::kAccepted);
  CHECK(status({{2, TriageStatus::kIgnored, "", 1, 50}}) == TriageStatus::kOpen);  // expired
}

// From spans to places: the failed call and what the next model call does lie in one turn.
TEST_CASE("findings of one turn lie in each other's turns, those of other turns do not") {
  TraceBuilder t;
  t.Agent("planner");
  t.Fail(t.Turn("search", "a", ""), "ValueError: <str>");
  t.Fail(t.Tool("save", "b", ""), "KeyError: <str>");
  t.Fail(t.Turn("rank", "c", ""), "TypeError: <str>");
  const TraceSummary summary = t.Analyse();
  const auto at = [&](const std::string& tool) {
    for (std::uint32_t i = 0; i < summary.findings.size(); ++i) {
      const StoredFinding& finding = summary.findings[i];
      if (finding.detector == 0 && finding.locus.tool == tool) return i;
    }
    return UINT32_MAX;
  };
  REQUIRE(at("search") != UINT32_MAX);
  REQUIRE(at("rank") != UINT32_MAX);
  const auto lies_in = [&](const std::string& tool, const std::string& other, bool precedes) {
    const std::vector<std::uint32_t>& found = summary.findings[at(tool)].lies_in;
    return std::count(found.begin(), found.end(), at(other) * 2 + precedes) == 1;
  };
  CHECK(lies_in("save", "search", true));
  CHECK(lies_in("search", "save", false));
  for (const std::string other : {"search", "save"}) {
    CHECK_FALSE(lies_in("rank", other, true));
    CHECK_FALSE(lies_in("rank", other, false));
    CHECK_FALSE(lies_in(other, "rank", true));
    CHECK_FALSE(lies_in(other, "rank", false));
  }
}

}  // namespace halo
