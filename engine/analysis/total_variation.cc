// SPDX-License-Identifier: MIT
#include "engine/analysis/total_variation.h"

#include <cmath>

namespace halo {
namespace {

double SumOf(const Mix& mix) {
  double sum = 0;
  for (const auto& [name, count] : mix) sum += static_cast<double>(count);
  return sum;
}

}  // namespace

double TotalVariation(const Mix& before, const Mix& after) {
  const double all_before = SumOf(before), all_after = SumOf(after);
  if (all_before <= 0 || all_after <= 0) return 0;
  double sum = 0;
  for (const auto& [name, count] : before) {
    const auto other = after.find(name);
    const double share = other == after.end() ? 0 : static_cast<double>(other->second) / all_after;
    sum += std::abs(static_cast<double>(count) / all_before - share);
  }
  for (const auto& [name, count] : after) {
    if (!before.contains(name)) sum += static_cast<double>(count) / all_after;
  }
  return sum / 2;
}

}  // namespace halo
