// SPDX-License-Identifier: MIT
// The critical path: the spans that determined when a trace ended. The walk goes backwards from the
// end of each root, and at each point descends into the child that ended last (Jaeger's and CRISP's
// last-finishing child). It uses `end <= t`, so that adjacent spans are not skipped, and omits
// zero-length spans, so that it terminates. Iterative, so that deep nesting cannot overflow the
// stack. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/trace/timed_tree.h"

namespace halo {

// Time on the critical path between two children of a span, or two roots, in which none of them
// ran.
struct PathGap {
  std::int32_t span = -1;  // in which it lies; -1: between roots
  std::int32_t before = -1, after = -1;
  std::int64_t ns = 0;
};

// For each span, its exclusive time on the critical path. Children are clipped to their parents.
// Each moment is attributed to one span, even if roots overlap, so the sum is at most the duration
// of the trace. `gaps` gets those of at least `shortest_gap_ns`.
std::vector<std::int64_t> CriticalPathNs(const TimedTree& tree, std::span<const TimedSpan> spans,
                                         std::int64_t shortest_gap_ns, std::vector<PathGap>& gaps);
std::vector<std::int64_t> CriticalPathNs(std::span<const TimedSpan> spans);

}  // namespace halo
