// SPDX-License-Identifier: MIT
// P-values of many tests, corrected for their number. Pure function; any thread.
#pragma once

#include <span>
#include <vector>

namespace halo {

// For each p-value, the smallest share of false discoveries at which it is one (Benjamini and
// Hochberg, JRSS B 57, 1995). Along the p-values.
std::vector<double> DiscoveryRates(std::span<const double> p_values);

}  // namespace halo
