// SPDX-License-Identifier: MIT
// Statistics of shares and of their ratios. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace halo {

// 95 % interval of a binomial share by Wilson's score method (Wilson 1927; Newcombe 1998, method
// 3). [0, 1] when there are no trials.
struct ShareInterval {
  double low = 0, high = 1;
};
ShareInterval WilsonInterval(std::int64_t hits, std::int64_t trials);

struct RiskStratum {
  std::int64_t mode_failure = 0, mode_success = 0;
  std::int64_t other_failure = 0, other_success = 0;
};

// Log of the Mantel-Haenszel risk ratio of failure over strata (Rothman, Greenland and Lash, Modern
// Epidemiology, chapter 15), shrunk towards 0 by its variance: log_rr * prior / (prior + variance)
// with a normal prior of variance 0.5 (Greenland and Robins 1985 for the variance). 0 with fewer
// than 5 failures or 5 successes over all strata.
double ShrunkenLogRiskRatio(std::span<const RiskStratum> strata);

}  // namespace halo
