// SPDX-License-Identifier: MIT
// Simulated fixes whose true effect is known: how often a verdict is false, and after how many
// runs it comes. Deterministic for a seed. Any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace halo {

struct FixCell {
  double ratio = 1;         // of the true share after to that before
  double baseline = 0.4;    // the true share before
  int cluster = 1;          // runs of a task; those of one task have a correlation of 0.3
  bool same_tasks = false;  // after as before; else new ones
  bool worst_of_30 = false;
};

struct FixCellResult {
  int repetitions = 0;
  // Repetitions in which any look gave a false verdict: fixed at a ratio above 0.5, improved at 1
  // or more, worse at 1 or less.
  int false_fixed = 0, false_improved = 0, false_worse = 0;
  int fixed = 0, decided = 0;    // at the look after 100 runs
  std::int64_t median_runs = 0;  // until the first verdict but inconclusive; 0: not within 200 runs
};

// 100 runs before; a look after every 10 runs after, up to 200.
FixCellResult SimulateFix(const FixCell& cell, int repetitions, std::uint64_t seed);

// Every combination that docs/quality.md lists.
std::vector<FixCell> AllFixCells();

}  // namespace halo
