// SPDX-License-Identifier: MIT
// Reasons why runs before and after a fix cannot be compared. Changes of prompts, tools and version
// are what a fix is, and no reason. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/fix_sides.h"

namespace halo {

// Half the sum of the differences of shares: 0 for the same mix, 1 for nothing in common. 0 if a
// side is empty.
using Mix = std::map<std::string, std::int64_t>;
double TotalVariation(const Mix& before, const Mix& after);

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
