// SPDX-License-Identifier: MIT
#include "engine/analysis/fisher.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

double LogChoose(std::int64_t n, std::int64_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
         std::lgamma(static_cast<double>(n - k) + 1);
}

}  // namespace

double FisherExact(std::int64_t hits_a, std::int64_t trials_a, std::int64_t hits_b,
                   std::int64_t trials_b) {
  if (trials_a <= 0 || trials_b <= 0) return 1;
  const std::int64_t hits = hits_a + hits_b;
  const auto log_weight = [&](std::int64_t in_a) {
    return LogChoose(trials_a, in_a) + LogChoose(trials_b, hits - in_a);
  };
  const double all = LogChoose(trials_a + trials_b, hits);
  // Tables that are equally likely must not differ by rounding.
  const double given = log_weight(hits_a) + 1e-9;
  double sum = 0;
  const std::int64_t last = std::min(hits, trials_a);
  for (std::int64_t in_a = std::max<std::int64_t>(0, hits - trials_b); in_a <= last; ++in_a) {
    const double weight = log_weight(in_a);
    if (weight <= given) sum += std::exp(weight - all);
  }
  return std::min(1.0, sum);
}

double FisherRise(std::int64_t hits_a, std::int64_t trials_a, std::int64_t hits_b,
                  std::int64_t trials_b) {
  const std::int64_t hits = hits_a + hits_b;
  if (trials_a <= 0 || trials_b <= 0 || hits <= 0) return 1;
  const double all = LogChoose(trials_a + trials_b, hits);
  double sum = 0;
  for (std::int64_t in_b = hits_b; in_b <= std::min(hits, trials_b); ++in_b) {
    if (hits - in_b > trials_a) continue;
    sum += std::exp(LogChoose(trials_b, in_b) + LogChoose(trials_a, hits - in_b) - all);
  }
  return std::min(1.0, sum);
}

}  // namespace halo
