// SPDX-License-Identifier: MIT
#include "engine/analysis/statistics.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

constexpr double kZ95 = 1.959963984540054;  // 97.5 % quantile of the normal distribution
constexpr double kPriorVariance = 0.5;
constexpr std::int64_t kFewestOutcomes = 5;
constexpr std::int64_t kFewestTrials = 5;
// Sums of Mantel and Haenszel over the strata, with `extra` added to every cell.
struct RiskSums {
  double mode = 0, other = 0, variance = 0;
};

RiskSums SumStrata(std::span<const RiskStratum> strata, double extra) {
  RiskSums sums;
  for (const RiskStratum& stratum : strata) {
    if (stratum.mode_failure + stratum.mode_success == 0) continue;
    if (stratum.other_failure + stratum.other_success == 0) continue;
    const double mode_failure = static_cast<double>(stratum.mode_failure) + extra;
    const double other_failure = static_cast<double>(stratum.other_failure) + extra;
    const double mode = mode_failure + static_cast<double>(stratum.mode_success) + extra;
    const double other = other_failure + static_cast<double>(stratum.other_success) + extra;
    const double all = mode + other;
    sums.mode += mode_failure * other / all;
    sums.other += other_failure * mode / all;
    sums.variance +=
        (mode * other * (mode_failure + other_failure) - mode_failure * other_failure * all) /
        (all * all);
  }
  return sums;
}

}  // namespace

ShareInterval WilsonInterval(std::int64_t hits, std::int64_t trials, double design_effect) {
  if (trials <= 0) return {};
  const double share = static_cast<double>(hits) / static_cast<double>(trials);
  const double n = static_cast<double>(trials) / design_effect;
  const double z2 = kZ95 * kZ95;
  const double centre = share + z2 / (2 * n);
  const double half = kZ95 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  // Exact bounds: rounding would give 1e-17 instead of 0.
  return {hits <= 0 ? 0 : (centre - half) / scale, hits >= trials ? 1 : (centre + half) / scale};
}

double ShrunkenLogRiskRatio(std::span<const RiskStratum> strata) {
  std::int64_t failures = 0, successes = 0;
  for (const RiskStratum& stratum : strata) {
    failures += stratum.mode_failure + stratum.other_failure;
    successes += stratum.mode_success + stratum.other_success;
  }
  if (failures < kFewestOutcomes || successes < kFewestOutcomes) return 0;
  RiskSums sums = SumStrata(strata, 0);
  // Adds half a run to each cell if the log ratio would be infinite (Haldane; Anscombe).
  if (sums.mode <= 0 || sums.other <= 0) sums = SumStrata(strata, 0.5);
  if (sums.mode <= 0 || sums.other <= 0) return 0;
  const double log_ratio = std::log(sums.mode / sums.other);
  const double variance = sums.variance / (sums.mode * sums.other);
  return log_ratio * kPriorVariance / (kPriorVariance + variance);
}

ShareChange CompareShares(ShareSample before, ShareSample after) {
  if (before.trials < kFewestTrials || after.trials < kFewestTrials) return ShareChange::kTooFew;
  const auto n1 = static_cast<double>(before.trials), n2 = static_cast<double>(after.trials);
  const auto hits1 = static_cast<double>(before.hits), hits2 = static_cast<double>(after.hits);
  const double pooled = (hits1 + hits2) / (n1 + n2);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  if (error == 0) return ShareChange::kNone;
  const double z = (hits2 / n2 - hits1 / n1) / error;
  return z > kZ95 ? ShareChange::kRise : z < -kZ95 ? ShareChange::kFall : ShareChange::kNone;
}

std::int64_t RunsToShowGone(double baseline) {
  if (baseline <= 0) return 0;
  if (baseline >= 1) return 1;
  return std::max<std::int64_t>(1, std::llround(std::ceil(std::log(0.05) / std::log1p(-baseline))));
}

std::int64_t RunsToShowFall(double before, double after) {
  if (before <= after || before <= 0 || before > 1 || after < 0) return 0;
  constexpr double kZAlpha = 1.959964;  // two-sided 5 %
  constexpr double kZBeta = 0.841621;   // 80 % power
  const double mean = (before + after) / 2;
  const double spread = kZAlpha * std::sqrt(2 * mean * (1 - mean)) +
                        kZBeta * std::sqrt(before * (1 - before) + after * (1 - after));
  const double fall = before - after;
  return std::max<std::int64_t>(1, std::llround(std::ceil(spread * spread / (fall * fall))));
}

}  // namespace halo
