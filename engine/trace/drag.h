// SPDX-License-Identifier: MIT
// How much sooner a trace would have ended without one span (Devaux, Total Project Control, 1999:
// the drag of an activity). Pure function; any thread.
//
// The model: a child starts after the children of the same parent that had ended when it started,
// at the distance that was recorded from the last of them (from the start of the parent if there is
// none); a parent ends at the recorded distance from its last child. Without a span, with all that
// runs inside it, what waited for it moves forward, until something else that ran in parallel
// determines the end. So a span that is not on the critical path has no drag, and neither has one
// of two that end it together.
//
// The drag of a span is its length, or less if a span that ran in parallel with it, or with one
// around it, would then determine the end:
//     min(length, min over it and its ancestors of (length of the parent's longest path - length
//     of the longest path through a child that overlaps it))
// O(n log n).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/trace/timed_tree.h"

namespace halo {

// 0 for waits for people.
std::vector<std::int64_t> DragsNs(const TimedTree& tree, std::span<const TimedSpan> spans);

}  // namespace halo
