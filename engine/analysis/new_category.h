// SPDX-License-Identifier: MIT
// How likely the next run that is read shows a category that no run before has shown, so that a
// reader knows when to stop. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halo {

struct NewCategoryChance {
  // The share of runs that show a category which no other run shows: Good and Turing's estimate
  // (Good, Biometrika 40, 1953), here for runs that show several categories or none. Its mean is
  // the chance that a run shows a category not seen in the runs - 1 others.
  double chance = 1;
  // With 95 % confidence the chance is at most this: the upper end of Wilson's interval with the
  // variance of Esty (Annals of Statistics 11, 1983), which adds categories that were seen twice.
  // There is no lower bound but 0: all categories may have been seen.
  double at_most = 1;
  std::int64_t runs = 0;
};

// `categories` of each run that was drawn at random, in any order. A chance of 1 without runs.
NewCategoryChance ChanceOfNewCategory(std::span<const std::vector<std::uint64_t>> categories);

}  // namespace halo
