// SPDX-License-Identifier: MIT
#include "engine/analysis/mix_difference.h"

#include <cstddef>
#include <random>
#include <utility>

namespace halo {
namespace {

constexpr double kError = 0.05;
constexpr int kShuffles = 999;

}  // namespace

double VariationOf(const std::vector<MixedCluster>& clusters) {
  Mix before, after;
  for (const MixedCluster& cluster : clusters) {
    for (const auto& [name, runs] : cluster.mix) (cluster.after ? after : before)[name] += runs;
  }
  return TotalVariation(before, after);
}

std::optional<double> MixDiffers(std::vector<MixedCluster> clusters) {
  const double variation = VariationOf(clusters);
  if (variation <= kMostVariation) return std::nullopt;
  std::mt19937_64 random(1);
  int as_far = 1;
  for (int i = 0; i < kShuffles; ++i) {
    for (std::size_t at = clusters.size(); at > 1; --at) {
      std::swap(clusters[at - 1].after, clusters[random() % at].after);
    }
    as_far += VariationOf(clusters) >= variation - 1e-12;
  }
  if (static_cast<double>(as_far) > kError * (kShuffles + 1)) return std::nullopt;
  return variation;
}

}  // namespace halo
