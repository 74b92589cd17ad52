// SPDX-License-Identifier: MIT
// Completion of what a user has typed. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

struct Completion {
  std::vector<std::string> values;  // at most 100, the protocol's limit
  std::size_t total = 0;            // number of matches, shown or not
};

// The candidates that start with `typed`, then those that contain it, each group in the given
// order; ASCII case is ignored. If there are none, the one nearest in spelling.
Completion Complete(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace halo
