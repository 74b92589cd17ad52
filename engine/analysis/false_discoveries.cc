// SPDX-License-Identifier: MIT
#include "engine/analysis/false_discoveries.h"

#include <algorithm>
#include <cmath>

#include "engine/analysis/discovery_rates.h"

namespace halo {
namespace {

double LogChoose(std::int64_t n, std::int64_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
         std::lgamma(static_cast<double>(n - k) + 1);
}

double FisherRise(const BeforeAfter& one) {
  const std::int64_t hits = one.hits_before + one.hits_after, all = one.before + one.after;
  if (one.before <= 0 || one.after <= 0 || hits <= 0) return 1;
  double sum = 0;
  for (std::int64_t k = one.hits_after; k <= std::min(hits, one.after); ++k) {
    if (hits - k > one.before) continue;
    sum +=
        std::exp(LogChoose(one.after, k) + LogChoose(one.before, hits - k) - LogChoose(all, hits));
  }
  return std::min(1.0, sum);
}

double MantelHaenszelRise(std::span<const BeforeAfter> strata) {
  double excess = 0, variance = 0;
  for (const BeforeAfter& one : strata) {
    const auto before = static_cast<double>(one.before), after = static_cast<double>(one.after);
    const auto hits = static_cast<double>(one.hits_before + one.hits_after);
    const double all = before + after;
    if (before <= 0 || after <= 0) continue;
    excess += static_cast<double>(one.hits_after) - hits * after / all;
    variance += hits * (all - hits) * before * after / (all * all * (all - 1));
  }
  if (variance <= 0) return 1;
  const double z = (excess - 0.5) / std::sqrt(variance);
  return 0.5 * std::erfc(z / std::sqrt(2.0));
}

}  // namespace

std::vector<bool> Discoveries(std::span<const double> p_values, double share) {
  std::vector<bool> out;
  for (const double rate : DiscoveryRates(p_values)) out.push_back(rate <= share);
  return out;
}

double RiseProbability(std::span<const BeforeAfter> strata) {
  return strata.size() == 1 ? FisherRise(strata.front()) : MantelHaenszelRise(strata);
}

}  // namespace halo
