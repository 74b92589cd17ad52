// SPDX-License-Identifier: MIT
#include "engine/analysis/stratified_ratio.h"

#include <cmath>
#include <limits>

namespace halo {
namespace {

struct Sums {
  double a = 0, b = 0, variance = 0;
};

Sums SumOf(std::span<const ShareStratum> strata, double extra) {
  Sums sums;
  for (const ShareStratum& each : strata) {
    if (each.a <= 0 || each.b <= 0) continue;
    const double hits_a = static_cast<double>(each.hits_a) + extra;
    const double hits_b = static_cast<double>(each.hits_b) + extra;
    const double a = static_cast<double>(each.a) + 2 * extra;
    const double b = static_cast<double>(each.b) + 2 * extra;
    const double all = a + b;
    sums.a += hits_a * b / all;
    sums.b += hits_b * a / all;
    sums.variance += ((hits_a + hits_b) * a * b - hits_a * hits_b * all) / (all * all);
  }
  return sums;
}

}  // namespace

ShareRatio StratifiedRatio(std::span<const ShareStratum> strata, double design_effect) {
  constexpr double kZ95 = 1.959963984540054;
  Sums sums = SumOf(strata, 0);
  if (sums.a <= 0 || sums.b <= 0) sums = SumOf(strata, 0.5);
  if (sums.a <= 0 || sums.b <= 0) return {1, 0, std::numeric_limits<double>::infinity()};
  const double ratio = sums.a / sums.b;
  const double error = std::sqrt(sums.variance * design_effect / (sums.a * sums.b));
  return {ratio, ratio * std::exp(-kZ95 * error), ratio * std::exp(kZ95 * error)};
}

}  // namespace halo
