// SPDX-License-Identifier: MIT
#include "engine/analysis/new_category.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/analysis/statistics.h"

namespace halo {

NewCategoryChance ChanceOfNewCategory(std::span<const std::vector<std::uint64_t>> categories) {
  NewCategoryChance out;
  out.runs = static_cast<std::int64_t>(categories.size());
  if (out.runs == 0) return out;
  std::map<std::uint64_t, std::int64_t> runs_with;
  for (const std::vector<std::uint64_t>& run : categories) {
    for (const std::uint64_t category : std::set<std::uint64_t>(run.begin(), run.end())) {
      ++runs_with[category];
    }
  }
  const std::int64_t alone = std::count_if(
      categories.begin(), categories.end(), [&](const std::vector<std::uint64_t>& run) {
        return std::any_of(run.begin(), run.end(),
                           [&](std::uint64_t category) { return runs_with[category] == 1; });
      });
  const auto twice = static_cast<double>(std::count_if(
      runs_with.begin(), runs_with.end(), [](const auto& one) { return one.second == 2; }));
  const auto n = static_cast<double>(out.runs), hits = static_cast<double>(alone);
  out.chance = hits / n;
  // The variance of n * chance, as a multiple of that of a binomial share. Where that is 0, one
  // run more or less is put in its place.
  const double binomial = std::max(hits * (1 - hits / n), 1 - 1 / (n + 1));
  out.at_most = WilsonInterval(alone, out.runs, (binomial + 2 * twice) / binomial).high;
  return out;
}

}  // namespace halo
