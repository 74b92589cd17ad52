// SPDX-License-Identifier: MIT
// Which candidates fit what is typed. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

struct Completion {
  std::vector<std::string> values;  // at most 100, as the protocol allows
  std::size_t total = 0;            // all that fit
};

// Those that begin with `typed`, then those that hold it, each in the order given and without
// regard to case (ASCII); where there are none, the one that is nearest in spelling.
Completion Complete(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace halo
