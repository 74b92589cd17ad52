// SPDX-License-Identifier: MIT
// The ratio of two medians of runs that come in clusters, with an interval from a cluster bootstrap
// (Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8; percentiles).
// The resampling is random with a fixed seed. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace halo {

struct ClusteredValue {
  std::uint32_t cluster = 0;  // shared by both sides
  std::int64_t value = 0;
};

// The value in the middle; of an even number, the lower one. 0 without values.
std::int64_t MedianOf(std::vector<ClusteredValue> values);

inline constexpr std::size_t kFewestClusters = 20;

// The 95 % interval of median(a) / median(b). nullopt if a side has values of fewer than
// kFewestClusters clusters, or the median of b is 0. Clusters are drawn together with their values
// of both sides.
struct MedianRatio {
  double low = 0, high = 0;
};
std::optional<MedianRatio> RatioOfMedians(std::vector<ClusteredValue> a,
                                          std::vector<ClusteredValue> b);

}  // namespace halo
