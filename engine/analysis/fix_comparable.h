// SPDX-License-Identifier: MIT
// Reasons why runs before and after a fix cannot be compared. Changes of prompts, tools and version
// are what a fix is, and no reason. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/fix_sides.h"

namespace halo {

struct FixReason {
  enum class Kind : std::uint8_t {
    kOpportunity,  // the share of eligible runs is below half of before
    kTaskMix,      // other tasks, where tasks are not matched
    kModel,        // another model, which the fix does not name
  };
  Kind kind = Kind::kOpportunity;
  double before = 0, after = 0;  // kOpportunity: shares of eligible runs
  double variation = 0;          // kTaskMix, kModel
  std::string was, is;           // kModel: the most frequent ones
};

// `summary`: what the fix says of itself, in which it may name a model.
std::vector<FixReason> ReasonsNotToCompare(std::span<const ObservedRun> before,
                                           std::span<const ObservedRun> after,
                                           const FixSides& sides, std::size_t target,
                                           std::string_view summary);

}  // namespace halo
