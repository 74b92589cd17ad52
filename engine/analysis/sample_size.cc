// SPDX-License-Identifier: MIT
#include "engine/analysis/sample_size.h"

#include <algorithm>
#include <cmath>

namespace halo {

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
