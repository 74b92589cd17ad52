// SPDX-License-Identifier: MIT
// Which spans held up the end of a trace. The walk goes back from the end of each root and at
// every point descends into the child that ended last (Jaeger's and CRISP's last-finishing child),
// with `end <= t` so that spans which touch are not skipped, and zero-length spans left out so
// that it ends. Iterative: no depth of nesting overflows the stack. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halo {

// Nanoseconds; an open span (end 0) or one that ends before it starts has no length.
struct TimedSpan {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int32_t parent = -1;  // index, -1: a root; free of cycles
  bool human_wait = false;   // its time is nobody's
};

// For each span its exclusive time on the critical path. Children are clipped to their parents.
// Roots that overlap in time share nothing: each moment belongs to one span, so the sum is at most
// the extent of the trace.
std::vector<std::int64_t> CriticalPathNs(std::span<const TimedSpan> spans);

}  // namespace halo
