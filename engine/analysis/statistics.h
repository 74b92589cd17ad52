// SPDX-License-Identifier: MIT
// Statistics of shares, of their ratios, and of the number of runs that distinguishes two shares.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace halo {

// The 95 % interval of a binomial share by Wilson's score method (Wilson 1927; Newcombe 1998,
// method 3). [0, 1] without trials. `design_effect`: by which hits and trials are divided, at least
// 1; see clustered_share.h.
struct ShareInterval {
  double low = 0, high = 1;
};
ShareInterval WilsonInterval(std::int64_t hits, std::int64_t trials, double design_effect = 1);

// One stratum of runs with and without a mode, by outcome.
struct RiskStratum {
  std::int64_t mode_failure = 0, mode_success = 0;
  std::int64_t other_failure = 0, other_success = 0;
};

// The log of the Mantel-Haenszel risk ratio of failure over strata (Rothman, Greenland and Lash,
// Modern Epidemiology, chapter 15), shrunk towards 0 by its variance:
// log_rr * prior / (prior + variance) with a normal prior of variance 0.5 (Greenland and Robins
// 1985 for the variance). 0 with fewer than 5 failures or fewer than 5 successes over all strata.
double ShrunkenLogRiskRatio(std::span<const RiskStratum> strata);

// Compares two shares by the two-sided z test with a pooled variance at 5 % (Fleiss, Levin and
// Paik, Statistical Methods for Rates and Proportions, 3rd edition, section 3.1, without continuity
// correction).
enum class ShareChange : std::uint8_t { kTooFew, kNone, kRise, kFall };
struct ShareSample {
  std::int64_t hits = 0, trials = 0;
};
// kTooFew if one of the samples has fewer than 5 trials.
ShareChange CompareShares(ShareSample before, ShareSample after);

// The number of consecutive runs without a failure that makes a share of `baseline` or more
// implausible at 95 %: (1 - baseline)^n <= 0.05 (the exact form of the rule of three; Hanley and
// Lippman-Hand 1983). 0 if the baseline is 0.
std::int64_t RunsToShowGone(double baseline);

// The number of runs that shows a fall from `before` to `after` with 80 % power at a two-sided 5 %,
// given the same number of runs before (Fleiss, Levin and Paik, formula 4.14, without continuity
// correction). 0 if `after` is not below `before`.
std::int64_t RunsToShowFall(double before, double after);

}  // namespace halo
