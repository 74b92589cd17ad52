// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_targets.h"

#include <catch2/catch.hpp>
#include <vector>

namespace halo {
namespace {

RankedMode Mode(std::int64_t hits, std::int64_t eligible) {
  RankedMode mode;
  mode.stats.units = hits;
  mode.stats.eligible_units = eligible;
  mode.rate.value = static_cast<double>(hits) / static_cast<double>(eligible);
  mode.generality = Generality::kSystemic;
  return mode;
}

TEST_CASE("a target holds the entry, its variants and apart from them its effects") {
  ModeStats stats;
  stats.id = 9;
  stats.variants = {{8, 0, {}, "", 0}, {7, 0, {}, "", 0}};
  stats.effects = {{1, 0, {}, "", 0}};
  const FixTarget target = TargetOf(stats, 4);
  CHECK(target.modes == std::vector<ModeId>{9, 7, 8});
  CHECK(target.effects == std::vector<ModeId>{1});
  CHECK(target.picked_from == 4);
}

TEST_CASE("entries are picked from the open ones that are no one-offs") {
  std::vector<RankedMode> modes = {Mode(1, 2), Mode(1, 2), Mode(1, 2)};
  CHECK(ListedEntries(modes) == 3);
  modes[0].generality = Generality::kOneOff;
  modes[1].triage.status = TriageStatus::kIgnored;
  CHECK(ListedEntries(modes) == 1);
  CHECK(ListedEntries({}) == 1);
}

TEST_CASE("the rate of few runs is drawn towards that of the others") {
  const std::vector<RankedMode> listed = {Mode(10, 100), Mode(20, 100), Mode(30, 100), Mode(4, 5)};
  const double few = ShrunkenRate(listed[3].stats, listed);
  CHECK(few < 0.8);
  CHECK(few > 0.35);
  CHECK(ShrunkenRate(listed[2].stats, listed) == Approx(0.3).margin(0.02));
  // Two entries have no spread to learn from.
  CHECK(ShrunkenRate(listed[3].stats, std::span(listed).last(2)) == Approx(0.8));
  CHECK(ShrunkenRate({}, listed) == 0);
}

TEST_CASE("the runs that a fix needs fall with the rate before") {
  const std::int64_t rare = CleanRunsNeeded({0.2, 200, true, 1});
  const std::int64_t common = CleanRunsNeeded({0.6, 200, true, 1});
  CHECK(common > 5);
  CHECK(rare > common);
  CHECK(CleanRunsNeeded({0.6, 200, false, 1}) < common);
  CHECK(CleanRunsNeeded({0.6, 200, true, 30}) > common);
  CHECK(CleanRunsNeeded({0.1, 10, true, 1}) == kNeverDecided);
}

}  // namespace
}  // namespace halo
