// SPDX-License-Identifier: MIT
#include "engine/analysis/newcombe.h"

#include <cmath>

#include "engine/analysis/statistics.h"

namespace halo {

DifferenceInterval NewcombeInterval(const ShareTrials& a, const ShareTrials& b) {
  if (a.trials <= 0 || b.trials <= 0) return {};
  const double share_a = static_cast<double>(a.hits) / static_cast<double>(a.trials);
  const double share_b = static_cast<double>(b.hits) / static_cast<double>(b.trials);
  const ShareInterval in_a = WilsonInterval(a.hits, a.trials, a.design_effect);
  const ShareInterval in_b = WilsonInterval(b.hits, b.trials, b.design_effect);
  const double difference = share_a - share_b;
  return {difference, difference - std::hypot(share_a - in_a.low, in_b.high - share_b),
          difference + std::hypot(in_a.high - share_a, share_b - in_b.low)};
}

}  // namespace halo
