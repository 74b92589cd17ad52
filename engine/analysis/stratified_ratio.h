// SPDX-License-Identifier: MIT
// The ratio of two shares over strata. Pure function; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace halo {

struct ShareStratum {
  std::int64_t hits_a = 0, a = 0, hits_b = 0, b = 0;
};

// Of the share of a to that of b, with its 95 % interval (Mantel and Haenszel; variance of the log
// by Greenland and Robins, Biometrics 41, 1985, times the design effect). Half a run is added to
// each cell if one side has no hits. 1 in [0, infinity] if no stratum has runs of both sides.
struct ShareRatio {
  double ratio = 1, low = 0, high = 0;
};
ShareRatio StratifiedRatio(std::span<const ShareStratum> strata, double design_effect);

}  // namespace halo
