// SPDX-License-Identifier: MIT
#include "engine/analysis/clustered_share.h"

#include <algorithm>

namespace halo {
namespace {

constexpr double kCorrelationOfFew = 0.3;
constexpr double kFewestClusters = 10;

struct Sums {
  double clusters = 0, trials = 0, hits = 0;
  double squares = 0;  // of the sizes
  double between = 0;  // hits^2 / size
};

Sums SumOf(std::span<const ClusterCount> clusters) {
  Sums sums;
  for (const ClusterCount& each : clusters) {
    if (each.size <= 0) continue;
    const auto count = static_cast<double>(each.clusters);
    const auto size = static_cast<double>(each.size);
    const auto hits = static_cast<double>(each.hits);
    sums.clusters += count;
    sums.trials += count * size;
    sums.hits += count * hits;
    sums.squares += count * size * size;
    sums.between += count * hits * hits / size;
  }
  return sums;
}

double CorrelationOf(const Sums& sums) {
  if (sums.clusters < kFewestClusters) return kCorrelationOfFew;
  const double within_freedom = sums.trials - sums.clusters;
  if (within_freedom <= 0) return 0;  // every cluster has one trial
  const double freedom = sums.clusters - 1;
  const double among = (sums.between - sums.hits * sums.hits / sums.trials) / freedom;
  const double within = (sums.hits - sums.between) / within_freedom;
  const double typical_size = (sums.trials - sums.squares / sums.trials) / freedom;
  const double total = among + (typical_size - 1) * within;
  // All or none are hits: no variance to divide.
  return total <= 0 ? 0 : std::clamp((among - within) / total, 0.0, 1.0);
}

}  // namespace

double IntraclassCorrelation(std::span<const ClusterCount> clusters) {
  return CorrelationOf(SumOf(clusters));
}

double DesignEffect(std::span<const ClusterCount> clusters) {
  const Sums sums = SumOf(clusters);
  if (sums.trials <= 0) return 1;
  return 1 + (sums.squares / sums.trials - 1) * CorrelationOf(sums);
}

ShareInterval ClusteredInterval(std::int64_t hits, std::int64_t trials,
                                std::span<const ClusterCount> clusters) {
  return WilsonInterval(hits, trials, DesignEffect(clusters));
}

}  // namespace halo
