// SPDX-License-Identifier: MIT
#include "engine/analysis/rank_sum.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace halo {

double RankSumProbability(std::span<const std::int64_t> before,
                          std::span<const std::int64_t> after) {
  constexpr std::size_t kFewest = 5;
  if (before.size() < kFewest || after.size() < kFewest) return 1;
  std::vector<std::pair<std::int64_t, bool>> all;  // amount, after
  for (const std::int64_t amount : before) all.emplace_back(amount, false);
  for (const std::int64_t amount : after) all.emplace_back(amount, true);
  std::sort(all.begin(), all.end());
  double rank_sum = 0, ties = 0;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    double of_after = 0;
    while (end < all.size() && all[end].first == all[begin].first) of_after += all[end++].second;
    const auto equal = static_cast<double>(end - begin);
    rank_sum += of_after * (static_cast<double>(begin + end + 1) / 2);
    ties += equal * equal * equal - equal;
    begin = end;
  }
  const auto n1 = static_cast<double>(before.size()), n2 = static_cast<double>(after.size());
  const double n = n1 + n2;
  const double mean = n2 * (n + 1) / 2;
  const double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance <= 0) return 1;
  return std::erfc(std::abs(rank_sum - mean) / std::sqrt(variance) / std::sqrt(2.0));
}

}  // namespace halo
