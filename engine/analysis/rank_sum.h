// SPDX-License-Identifier: MIT
// Compares two sets of amounts by their ranks. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace halo {

// The two-sided probability of ranks that differ so much if both sets come from one distribution:
// the test of Mann and Whitney (Annals of Mathematical Statistics 18, 1947) in its normal
// approximation, corrected for ties. 1 with fewer than 5 amounts on a side.
double RankSumProbability(std::span<const std::int64_t> before,
                          std::span<const std::int64_t> after);

}  // namespace halo
