// SPDX-License-Identifier: MIT
// How the rate of a failure mode changes over time. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/model/question.h"

namespace halo {

// The second half of the time range against the first (CompareShares).
enum class Trend : std::uint8_t {
  kUnclear,  // fewer than 5 runs in one half
  kSteady,
  kNew,  // a rise from nothing
  kRising,
  kFalling,
  kGone,  // a fall to nothing
};
std::string_view TrendName(Trend trend);  // "unclear", "steady", ...

Trend TrendOf(const ModeStats& stats);

}  // namespace halo
