// SPDX-License-Identifier: MIT
// Tests of many things at once. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halo {

// Which of the p-values are discoveries if at most `share` of the discoveries may be false on
// average (Benjamini and Hochberg, JRSS B 57, 1995). Along the p-values.
std::vector<bool> Discoveries(std::span<const double> p_values, double share);

// Affected and all runs of one stratum, before and after.
struct BeforeAfter {
  std::int64_t hits_before = 0, before = 0, hits_after = 0, after = 0;
};

// The probability of at least as many hits after, if runs are affected equally often before and
// after. In one stratum by Fisher's exact test (Fisher 1935); over several by the
// statistic of Mantel and Haenszel with its continuity correction (JNCI 22, 1959). 1 if nothing can
// be compared.
double RiseProbability(std::span<const BeforeAfter> strata);

}  // namespace halo
