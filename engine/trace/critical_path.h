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

namespace halo {

// Times in nanoseconds. An open span (end 0), or one that ends before it starts, has no length.
struct TimedSpan {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int32_t parent = -1;  // index; -1: a root; must be free of cycles
  bool human_wait = false;   // its time is not attributed to any span
};

// For each span, its exclusive time on the critical path. Children are clipped to their parents.
// Each moment is attributed to one span, even if roots overlap, so the sum is at most the duration
// of the trace.
std::vector<std::int64_t> CriticalPathNs(std::span<const TimedSpan> spans);

}  // namespace halo
