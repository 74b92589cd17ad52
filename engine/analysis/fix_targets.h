// SPDX-License-Identifier: MIT
// An entry as the target of a fix, and what is expected of one. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/analysis/fix_verdict.h"
#include "engine/analysis/rank.h"
#include "engine/model/fix.h"

namespace halo {

// The entry with its present members. Counts of runs are left at 0.
FixTarget TargetOf(const ModeStats& stats, std::int64_t picked_from);

// How many entries a list shows, among which one picks the worst: open ones that are no one-offs;
// at least 1.
std::int64_t ListedEntries(std::span<const RankedMode> modes);

// The share of eligible runs that an entry affects, drawn towards the mean of the listed entries by
// as much as their spread says that its own runs are chance (empirical Bayes: a beta prior with the
// mean and variance of the shares; Casella, The American Statistician 39, 1985). For the number of
// runs that a verdict will take, never for the verdict.
double ShrunkenRate(const ModeStats& stats, std::span<const RankedMode> listed);

// The number of eligible runs without an occurrence after which a fix would be called fixed.
struct FixPlanRuns {
  double rate_before = 0;
  std::int64_t runs_before = 0;  // eligible; of the tasks that will run again
  bool same_tasks = false;
  std::int64_t picked_from = 1;
};
// kNeverDecided if no number is enough: the runs before are too few.
std::int64_t CleanRunsNeeded(const FixPlanRuns& plan);

}  // namespace halo
