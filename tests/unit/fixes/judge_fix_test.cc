// SPDX-License-Identifier: MIT
#include "engine/analysis/judge_fix.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "engine/analysis/task_draw.h"
#include "tests/unit/fixes/made_runs.h"

namespace halo {
namespace {

constexpr std::int64_t kSince = 1000;
constexpr ModeId kEntry = 7, kOther = 8, kNew = 9;

Fix MakeFix() {
  Fix fix;
  fix.id = "fix_1";
  fix.targets = {{kEntry, {kEntry}, {}, 1, 0, 0}};
  fix.summary = "a change";
  fix.recorded_ns = 900;
  fix.boundary.since_ns = kSince;
  return fix;
}

ObservedRuns Both(const std::vector<Made>& before, const std::vector<Made>& after) {
  ObservedRuns out{MakeRuns(1, before), {kEntry}};
  for (ObservedRun& run : MakeRuns(kSince, after)) {
    run.after = true;
    out.runs.push_back(run);
  }
  for (ObservedRun& run : out.runs) {
    if (run.Affected(0)) run.entries.push_back(kEntry);
    run.arrived_ns = run.start_ns + 5;
    run.tokens = 100;
    run.nano_usd = kUnknownAmount;
    run.duration_ns = run.after ? 9 + run.start_ns % 2 : 5 + run.start_ns % 2;
    run.outcome = run.Affected(0) ? Outcome::kFailure : Outcome::kSuccess;
  }
  return out;
}

TEST_CASE("a fix that worked is judged fixed, with nothing else worse") {
  const FixJudgement out = JudgeFix(MakeFix(), Both(Fresh(60, 30, "old"), Fresh(60, 0, "new")), {});
  REQUIRE(out.targets.size() == 1);
  CHECK(out.targets[0].verdict == Verdict::kFixed);
  CHECK(out.targets[0].need == FixNeed::kNothing);
  CHECK(out.side_effects.empty());
  CHECK(out.failures_p > 0.9);
  CHECK(out.duration_ns.before == Approx(5.5));
  CHECK(out.duration_ns.after == Approx(9.5));
  CHECK(out.duration_ns.p_value < 0.001);
  CHECK(out.tokens.p_value == Approx(1));
  CHECK(out.nano_usd.known_after == 0);
}

TEST_CASE("what is new comes before what is worse, and chance is neither") {
  ObservedRuns runs = Both(Fresh(60, 30, "old"), Fresh(60, 0, "new"));
  for (std::size_t i = 0; i < runs.runs.size(); ++i) {
    ObservedRun& run = runs.runs[i];
    if (run.after ? i % 4 != 0 : i % 10 == 0) run.entries.push_back(kOther);
    if (run.after && i % 5 == 0) run.entries.push_back(kNew);
    if (i % 3 == 0) run.entries.push_back(99);
  }
  const FixJudgement out = JudgeFix(MakeFix(), runs, {});
  REQUIRE(out.side_effects.size() == 2);
  CHECK(out.side_effects[0].entry == kNew);
  CHECK(out.side_effects[0].runs.hits_before == 0);
  CHECK(out.side_effects[1].entry == kOther);
  CHECK(out.entries_tested == 3);
}

TEST_CASE("side effects are sought among the tasks that were run again") {
  // What only another task shows, and always did, is not worse.
  ObservedRuns runs = Both(Fresh(40, 20, "t"), Fresh(10, 0, "t"));
  for (ObservedRun& run : runs.runs) {
    if (run.task < "t2") run.entries.push_back(kOther);
  }
  Fix fix = MakeFix();
  for (int i = 0; i < 10; ++i) fix.draw.tasks.push_back("t" + std::to_string(i));
  const FixJudgement out = JudgeFix(fix, runs, {});
  CHECK(out.targets[0].sides.design == FixDesign::kSameTasks);
  CHECK(out.side_effects.empty());
}

TEST_CASE("runs that cannot be ordered are left out and counted") {
  ObservedRuns runs = Both(Fresh(20, 10, "old"), Fresh(20, 0, "new"));
  runs.runs.back().arrived_ns = kSince - 1;  // received before it started
  for (ObservedRun& late : MakeRuns(kSince + 5, Fresh(3, 3, "late"))) runs.runs.push_back(late);
  Fix fix = MakeFix();
  const FixJudgement out = JudgeFix(fix, runs, {});
  CHECK(out.too_early == 1);
  CHECK(out.unordered == 3);
  CHECK(out.targets[0].sides.after.runs == 19);
  CHECK(out.targets[0].sides.before.runs == 20);
}

TEST_CASE("an inconclusive verdict says what it takes") {
  const auto need = [](const std::vector<Made>& before, const std::vector<Made>& after,
                       std::vector<std::string> draw = {}) {
    Fix fix = MakeFix();
    fix.draw.tasks = std::move(draw);
    TargetJudgement one = JudgeFix(fix, Both(before, after), {}).targets.at(0);
    CHECK(one.verdict == Verdict::kInconclusive);
    return std::pair(one.need, one.needed);
  };
  const auto tasks = need(Fresh(60, 30, "old"), Fresh(5, 0, "new"));
  CHECK(tasks.first == FixNeed::kTasks);
  CHECK(tasks.second > 0);
  std::vector<Made> before, after;
  for (int round = 0; round < 20; ++round) {
    for (int task = 0; task < 5; ++task) {
      before.push_back({std::to_string(task), (round + task) % 2 == 0});
      if (round == 0) after.push_back({std::to_string(task)});
    }
  }
  const auto runs = need(before, after);
  CHECK(runs.first == FixNeed::kRuns);
  CHECK(runs.second > 0);
  CHECK(need(Fresh(20, 10, "t"), Fresh(5, 0, "t"), {"t9", "t8"}) ==
        std::pair(FixNeed::kDraw, std::int64_t{2}));
  CHECK(need(Fresh(20, 0, "old"), Fresh(5, 0, "new")).first == FixNeed::kBaseline);
  // Three tasks with one run each: more runs of them cannot decide.
  CHECK(need(Fresh(3, 1, "t"), Fresh(3, 0, "t")) == std::pair(FixNeed::kTasks, std::int64_t{0}));
}

TEST_CASE("a failure comes back if the runs up to it were enough for fixed") {
  std::vector<Made> after = Fresh(60, 0, "new");
  CHECK_FALSE(CameBack(MakeFix(), Both(Fresh(60, 30, "old"), after), 0));
  after.push_back({"again", true});
  CHECK(CameBack(MakeFix(), Both(Fresh(60, 30, "old"), after), 0));
  after[3].hit = true;
  CHECK_FALSE(CameBack(MakeFix(), Both(Fresh(60, 30, "old"), after), 0));
}

TEST_CASE("a draw takes tasks whatever their outcome, the same for the same seed") {
  std::vector<ObservedRun> runs = MakeRuns(1, Fresh(50, 10, "t"));
  for (ObservedRun& run : MakeRuns(500, Fresh(50, 10, "t"))) runs.push_back(run);
  for (ObservedRun& run : MakeRuns(600, {{"never", false, false}, {""}})) runs.push_back(run);
  const TaskDraw draw = DrawTasks(runs, 5);
  CHECK(draw.tasks.size() == kDrawnTasks);
  CHECK(draw.drawn_from == 50);
  CHECK(std::set<std::string>(draw.tasks.begin(), draw.tasks.end()).size() == kDrawnTasks);
  CHECK(DrawTasks(runs, 5) == draw);
  CHECK(DrawTasks(runs, 6).tasks != draw.tasks);
  // Each task comes first about as often as any other.
  std::map<std::string, int> first;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) ++first[DrawTasks(runs, seed).tasks[0]];
  for (const auto& [task, times] : first) {
    CHECK(times > 50);
    CHECK(times < 170);
  }
  CHECK(first.size() == 50);
  CHECK(DrawTasks({}, 1).tasks.empty());
}

TEST_CASE("the boundary of a fix selects runs by its conditions") {
  Fix fix = MakeFix();
  fix.boundary.conditions = {{"version", "v2"}, {"environment", "test"}, {"nothing", "x"}};
  const TraceFilter filter = AfterFix(fix.boundary);
  CHECK(filter.since_ns == kSince);
  CHECK(filter.version == "v2");
  CHECK(filter.environment == "test");
  CHECK_FALSE(filter.project);
  Fix other = fix;
  CHECK(MakeFixId(other) == MakeFixId(fix));
  other.commit = "abc";
  CHECK(MakeFixId(other) != MakeFixId(fix));
  CHECK(MakeFixId(fix).size() == 16);
}

}  // namespace
}  // namespace halo
