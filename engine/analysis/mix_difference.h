// SPDX-License-Identifier: MIT
// Whether two sides are mixes of different things: by more than a limit, and by more than chance.
// Pure functions; any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/analysis/total_variation.h"

namespace halo {

// More variation than this, and the sides cannot be compared.
inline constexpr double kMostVariation = 0.3;

// The runs of a cluster on one side by category.
struct MixedCluster {
  Mix mix;
  bool after = false;  // on the second side
};

double VariationOf(const std::vector<MixedCluster>& clusters);

// The variation, if it is above the limit and whole clusters dealt to both sides at random would
// rarely differ as much (p < 0.05): a permutation test of 999 deals with a fixed seed.
std::optional<double> MixDiffers(std::vector<MixedCluster> clusters);

}  // namespace halo
