// SPDX-License-Identifier: MIT
// The time of a span in which none of its children runs. Pure function; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/trace/timed_tree.h"

namespace halo {

// For each span, its length less the union of its children, which may overlap. 0 for a span without
// length.
std::vector<std::int64_t> SelfTimesNs(const TimedTree& tree);

}  // namespace halo
