// SPDX-License-Identifier: MIT
#include "engine/analysis/false_discoveries.h"

#include <cmath>

#include "engine/analysis/discovery_rates.h"
#include "engine/analysis/fisher.h"

namespace halo {
namespace {

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
  if (strata.size() != 1) return MantelHaenszelRise(strata);
  const BeforeAfter& only = strata.front();
  return FisherRise(only.hits_before, only.before, only.hits_after, only.after);
}

}  // namespace halo
