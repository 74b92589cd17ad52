// SPDX-License-Identifier: MIT
// How many more runs it takes to know that a change worked. Pure functions; any thread.
#pragma once

#include <cstdint>

namespace halo {

// Runs in a row without the failure that make a share of `baseline` or more implausible at 95 %:
// (1 - baseline)^n <= 0.05 (the exact form of the "rule of three"). 0 when the baseline is 0.
std::int64_t RunsToShowGone(double baseline);

// Runs that show a fall from `before` to `after` with 80 % power at a two-sided 5 %, given as many
// runs before (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition,
// formula 4.14, without continuity correction). 0 where there is no fall.
std::int64_t RunsToShowFall(double before, double after);

}  // namespace halo
