// SPDX-License-Identifier: MIT
// A part of the calibration that tests/bench/fix_calibration.cc prints for docs/quality.md.
#include <catch2/catch.hpp>

#include "tests/support/fix_simulation.h"

namespace halo {
namespace {

constexpr int kRepetitions = 20;

TEST_CASE("at any look, at most 5 % of verdicts about fixes are false") {
  std::uint64_t seed = 1;
  for (const FixCell& cell : AllFixCells()) {
    // The others are between these; the bench runs all.
    if (cell.baseline != 0.6 || cell.ratio < 0.5) continue;
    const FixCellResult result = SimulateFix(cell, kRepetitions, ++seed);
    INFO("ratio " << cell.ratio << ", before " << cell.baseline << ", " << cell.cluster
                  << " runs a task, same tasks " << cell.same_tasks << ", worst of 30 "
                  << cell.worst_of_30);
    CHECK(result.false_fixed * 20 <= kRepetitions);
    CHECK(result.false_improved * 20 <= kRepetitions);
    CHECK(result.false_worse * 20 <= kRepetitions);
  }
}

TEST_CASE("100 independent runs a side decide where there is something to decide") {
  for (const bool same_tasks : {false, true}) {
    for (const bool worst_of_30 : {false, true}) {
      const FixCellResult gone =
          SimulateFix({0, 0.4, 1, same_tasks, worst_of_30}, kRepetitions, 11);
      CHECK(gone.fixed * 10 >= kRepetitions * 8);
      const FixCellResult same =
          SimulateFix({1, 0.4, 1, same_tasks, worst_of_30}, kRepetitions, 12);
      CHECK(same.decided * 10 <= kRepetitions);
    }
  }
}

TEST_CASE("a simulation is the same for the same seed") {
  const FixCell cell{0.21, 0.4, 4, true, false};
  const FixCellResult one = SimulateFix(cell, 20, 3), other = SimulateFix(cell, 20, 3);
  CHECK(one.median_runs == other.median_runs);
  CHECK(one.fixed == other.fixed);
  CHECK(one.decided == other.decided);
  CHECK(one.decided > 0);
}

}  // namespace
}  // namespace halo
