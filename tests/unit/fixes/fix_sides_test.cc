// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_sides.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/fixes/made_runs.h"

namespace halo {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("runs of the same tasks are matched task by task") {
  const auto before = MakeRuns(1, {{"a", true}, {"a"}, {"a", true}, {"b", true}, {"b", true}});
  const auto after = MakeRuns(100, {{"a"}, {"b"}, {"b", true}, {"b"}});
  const FixSides sides = SideRuns(before, after, {});
  CHECK(sides.design == FixDesign::kSameTasks);
  // One run of a, two of b on each side; the oldest.
  CHECK(sides.sample.before.count() == 3);
  CHECK(sides.sample.after.count() == 3);
  CHECK(sides.sample.before.mean() == Approx(1));
  CHECK(sides.sample.after.mean() == Approx(1.0 / 3));
  CHECK(sides.apart.unmatched == 1);
  CHECK(sides.more_before == 2);
  CHECK(sides.before.eligible == 5);
  CHECK(sides.sample.affected_after == 1);
}

TEST_CASE("whole further rounds of the same tasks count after") {
  const auto before = MakeRuns(1, {{"a", true}, {"b", true}});
  const auto after = MakeRuns(100, {{"a"}, {"b"}, {"b"}, {"a"}, {"b"}});
  const FixSides sides = SideRuns(before, after, {});
  CHECK(sides.sample.before.count() == 2);
  CHECK(sides.sample.after.count() == 4);
  CHECK(sides.apart.unmatched == 1);
}

// Ten tasks before, of which the first five failed.
std::vector<ObservedRun> TenTasks() { return MakeRuns(1, Fresh(10, 5, "t")); }

TEST_CASE("tasks that were chosen otherwise than by the draw decide nothing") {
  const auto before = TenTasks();
  const auto after = MakeRuns(100, {{"t0"}, {"t1"}, {"t2"}, {"t3"}, {"t4"}});
  const Names draw = {"t7", "t2", "t9", "t0"};
  const FixSides sides = SideRuns(before, after, {0, 1, 50, draw, nullptr});
  CHECK(sides.design == FixDesign::kSameTasks);
  CHECK(sides.sample.after.count() == 0);
  CHECK(sides.apart.chosen_tasks == 5);
  CHECK(sides.draw_missing == 2);
  CHECK(sides.after.eligible == 5);
}

TEST_CASE("the draw decides as far as it was run from its beginning") {
  const auto before = TenTasks();
  const Names draw = {"t7", "t2", "t9", "t0"};
  const auto begun = MakeRuns(100, {{"t2"}, {"t7"}, {"t0"}});
  CHECK(SideRuns(before, begun, {0, 1, 50, draw, nullptr}).tasks ==
        std::set<std::string>{"t2", "t7"});
  const auto whole = MakeRuns(100, {{"t2"}, {"t7"}, {"t0"}, {"t9"}, {"t4"}});
  const FixSides sides = SideRuns(before, whole, {0, 1, 50, draw, nullptr});
  CHECK(sides.tasks.size() == 4);
  CHECK(sides.apart.chosen_tasks == 1);
}

TEST_CASE("all tasks are no choice") {
  const auto after = MakeRuns(100, Fresh(9, 0, "t"));
  const FixSides sides = SideRuns(TenTasks(), after, {0, 1, 50, {}, nullptr});
  CHECK(sides.sample.after.count() == 9);
  CHECK(sides.sample.before.mean() == Approx(5.0 / 9));
}

TEST_CASE("runs before that were made after the choice make its tasks decide") {
  auto before = TenTasks();
  for (ObservedRun& run : MakeRuns(60, {{"t0", true}, {"t1"}, {"t2"}})) before.push_back(run);
  const auto after = MakeRuns(100, {{"t0"}, {"t1"}, {"t2"}, {"t3"}});
  const FixSides sides = SideRuns(before, after, {0, 1, 50, {}, nullptr});
  CHECK(sides.sample.before.count() == 3);
  CHECK(sides.sample.before.mean() == Approx(1.0 / 3));
  CHECK(sides.apart.chosen_tasks == 1);
}

TEST_CASE("a cluster is one observation: a task, else a session, else a run") {
  const auto before = MakeRuns(1, {{"a", true},
                                   {"a"},
                                   {"", true, true, "s"},
                                   {"", true, true, "s"},
                                   {"", false},
                                   {"", false},
                                   {"x", false, false}});
  const auto after = MakeRuns(100, Fresh(4, 1, "new"));
  const FixSides sides = SideRuns(before, after, {});
  CHECK(sides.design == FixDesign::kClusters);
  CHECK(sides.sample.before.values() == std::map<double, std::int64_t>{{0, 2}, {0.5, 1}, {1, 1}});
  CHECK(sides.before.runs == 7);
  CHECK(sides.before.eligible == 6);
  CHECK(sides.sample.after.count() == 4);
  CHECK(sides.entering.size() == 10);
}

TEST_CASE("a cluster enters once, when a look closes it") {
  const auto before = MakeRuns(1, Fresh(6, 3, "old"));
  auto after = MakeRuns(100, {{"new"}, {"new"}});
  std::set<std::uint64_t> entered;
  const FixPlan plan{0, 1, 50, {}, &entered};
  entered = SideRuns(before, after, plan).entering;
  for (ObservedRun& run : MakeRuns(200, {{"new", true}, {"other"}})) after.push_back(run);
  const FixSides sides = SideRuns(before, after, plan);
  CHECK(sides.sample.after.values() == std::map<double, std::int64_t>{{0, 2}});
  CHECK(sides.apart.closed == 1);
  CHECK(sides.entering.size() == 1);
  // It is shown, and "fixed" is out of the question.
  CHECK(sides.sample.affected_after == 1);
}

TEST_CASE("variants that are newer than the fix are counted apart") {
  auto after = MakeRuns(100, Fresh(3, 0, "new"));
  after[1].varied = 1;
  const FixSides sides = SideRuns(TenTasks(), after, {});
  CHECK(sides.varied_after == 1);
  CHECK(sides.after.affected == 0);
}

}  // namespace
}  // namespace halo
