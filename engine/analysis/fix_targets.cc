// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_targets.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

constexpr double kLeastWeight = 1, kMostWeight = 100;  // of the prior, in runs

}  // namespace

FixTarget TargetOf(const ModeStats& stats, std::int64_t picked_from) {
  FixTarget target;
  target.entry = stats.id;
  target.modes.push_back(stats.id);
  for (const ModeMember& variant : stats.variants) target.modes.push_back(variant.id);
  for (const ModeMember& effect : stats.effects) target.effects.push_back(effect.id);
  std::sort(target.modes.begin() + 1, target.modes.end());
  std::sort(target.effects.begin(), target.effects.end());
  target.picked_from = picked_from;
  return target;
}

std::int64_t ListedEntries(std::span<const RankedMode> modes) {
  const auto listed = std::count_if(modes.begin(), modes.end(), [](const RankedMode& mode) {
    return mode.generality != Generality::kOneOff && mode.triage.status == TriageStatus::kOpen;
  });
  return std::max<std::int64_t>(1, listed);
}

double ShrunkenRate(const ModeStats& stats, std::span<const RankedMode> listed) {
  const auto hits = static_cast<double>(stats.units),
             trials = static_cast<double>(stats.eligible_units);
  if (trials <= 0) return 0;
  double sum = 0, squares = 0, count = 0;
  for (const RankedMode& mode : listed) {
    if (mode.stats.eligible_units <= 0) continue;
    sum += mode.rate.value;
    squares += mode.rate.value * mode.rate.value;
    ++count;
  }
  if (count < 3) return hits / trials;
  const double mean = sum / count;
  const double variance = squares / count - mean * mean;
  const double weight =
      variance <= 0 ? kMostWeight
                    : std::clamp(mean * (1 - mean) / variance - 1, kLeastWeight, kMostWeight);
  return (hits + weight * mean) / (trials + weight);
}

std::int64_t CleanRunsNeeded(const FixPlanRuns& plan) {
  FixSample sample;
  sample.picked_from = plan.picked_from;
  FixOutlook outlook{plan.rate_before, 0, plan.runs_before};
  if (!plan.same_tasks) {
    const std::int64_t hits =
        std::llround(plan.rate_before * static_cast<double>(plan.runs_before));
    sample.before.Add(1, hits);
    sample.before.Add(0, plan.runs_before - hits);
    outlook.more_before = 0;
  }
  return ObservationsToDecide(sample, outlook);
}

}  // namespace halo
