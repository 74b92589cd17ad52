// SPDX-License-Identifier: MIT
// Fisher's exact test of a two by two table. Pure functions; any thread.
#pragma once

#include <cstdint>

namespace halo {

// The probability, if both shares are equal, of a table with the same margins that is at most as
// likely as the given one: two-sided (Fisher 1935; Agresti, Categorical Data Analysis, section
// 3.5). 1 if a side has no trials.
double FisherExact(std::int64_t hits_a, std::int64_t trials_a, std::int64_t hits_b,
                   std::int64_t trials_b);

// The same of a table with at least as many hits in b: one-sided.
double FisherRise(std::int64_t hits_a, std::int64_t trials_a, std::int64_t hits_b,
                  std::int64_t trials_b);

}  // namespace halo
