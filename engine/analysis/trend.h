// SPDX-License-Identifier: MIT
// How the rate of a failure mode changes over time. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/model/question.h"

namespace halo {

// The second half of the time range compared with the first (CompareShares).
enum class Trend : std::uint8_t {
  kUnclear,  // fewer than 5 runs in one half
  kSteady,
  kNew,  // a rise from 0
  kRising,
  kFalling,
  kGone,  // a fall to 0
};
std::string_view TrendName(Trend trend);  // "unclear", "steady", ...

Trend TrendOf(const ModeStats& stats);

}  // namespace halo
