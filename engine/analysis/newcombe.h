// SPDX-License-Identifier: MIT
// The difference of two shares. Pure functions; any thread.
#pragma once

#include <cstdint>

namespace halo {

struct ShareTrials {
  std::int64_t hits = 0, trials = 0;
  double design_effect = 1;  // see clustered_share.h
};

// The 95 % interval of the share of `a` less that of `b`, from the Wilson intervals of both
// (Newcombe, Statistics in Medicine 17, 1998, method 10), each on its effective number of trials.
// [-1, 1] if a side has no trials.
struct DifferenceInterval {
  double difference = 0, low = -1, high = 1;
};
DifferenceInterval NewcombeInterval(const ShareTrials& a, const ShareTrials& b);

}  // namespace halo
