// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_comparable.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/fixes/made_runs.h"

namespace halo {
namespace {

using Kind = FixReason::Kind;

std::vector<FixReason> Reasons(const std::vector<Made>& before, const std::vector<Made>& after,
                               std::string_view summary = "a change") {
  const auto was = MakeRuns(1, before), is = MakeRuns(1000, after);
  return ReasonsNotToCompare(was, is, SideRuns(was, is, {}), 0, summary);
}

template <class Change>
std::vector<Made> Changed(std::vector<Made> all, Change&& change) {
  for (Made& made : all) change(made);
  return all;
}

TEST_CASE("new tasks of the same kind are comparable") {
  CHECK(Reasons(Fresh(40, 20, "old"), Fresh(40, 0, "new")).empty());
}

TEST_CASE("an agent that no longer gets there is not comparable") {
  auto after =
      Changed(Fresh(40, 0, "new"), [](Made& made) { made.eligible = made.task == "new3"; });
  const std::vector<FixReason> reasons = Reasons(Fresh(40, 20, "old"), after);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].kind == Kind::kOpportunity);
  CHECK(reasons[0].before == Approx(1));
  CHECK(reasons[0].after == Approx(1.0 / 40));
  // More than half still do, or too few runs to tell.
  int n = 0;
  CHECK(Reasons(Fresh(40, 20, "old"),
                Changed(Fresh(40, 0, "new"), [&](Made& made) { made.eligible = n++ % 5 < 3; }))
            .empty());
  CHECK(Reasons(Fresh(2, 1, "old"),
                Changed(Fresh(2, 0, "new"), [](Made& made) { made.eligible = false; }))
            .empty());
}

TEST_CASE("the same tasks are compared for their opportunity task by task") {
  // Half of the tasks before had the opportunity; those that were run again had it all.
  std::vector<Made> before = Fresh(20, 20, "a");
  for (const Made& made : Changed(Fresh(20, 0, "b"), [](Made& each) { each.eligible = false; })) {
    before.push_back(made);
  }
  CHECK(Reasons(before, Fresh(20, 0, "a")).empty());
  const auto avoided = Changed(Fresh(20, 0, "a"), [](Made& made) { made.eligible = false; });
  const std::vector<FixReason> reasons = Reasons(before, avoided);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].kind == Kind::kOpportunity);
}

TEST_CASE("other tasks are not comparable where tasks are not matched") {
  const auto after = Changed(Fresh(30, 0, "new"), [](Made& made) { made.name = "another agent"; });
  const std::vector<FixReason> reasons = Reasons(Fresh(30, 15, "old"), after);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].kind == Kind::kTaskMix);
  CHECK(reasons[0].variation == Approx(1));
  // A few runs of another kind are no other mix.
  auto few = Fresh(30, 0, "new");
  for (std::size_t i = 0; i < 6; ++i) few[i].name = "another agent";
  CHECK(Reasons(Fresh(30, 15, "old"), few).empty());
}

TEST_CASE("another model is not comparable unless the fix names it") {
  const auto after = Changed(Fresh(30, 0, "new"), [](Made& made) { made.models = "m-2"; });
  const std::vector<FixReason> reasons = Reasons(Fresh(30, 15, "old"), after);
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].kind == Kind::kModel);
  CHECK(reasons[0].was == "m-1");
  CHECK(reasons[0].is == "m-2");
  CHECK(Reasons(Fresh(30, 15, "old"), after, "switched to M-2").empty());
}

}  // namespace
}  // namespace halo
