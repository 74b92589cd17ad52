// SPDX-License-Identifier: MIT
// Runs that are not independent of each other, because they share a task or session.
#pragma once

#include <cstdint>

namespace halo {

// Clusters with the same number of runs and of runs that show the mode.
struct ClusterCount {
  std::int64_t size = 0, hits = 0;
  std::int64_t clusters = 0;

  bool operator==(const ClusterCount&) const = default;
};

}  // namespace halo
