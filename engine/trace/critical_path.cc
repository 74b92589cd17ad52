// SPDX-License-Identifier: MIT
#include "engine/trace/critical_path.h"

#include <cstddef>
#include <cstdint>

namespace halo {

std::vector<std::int64_t> CriticalPathNs(const TimedTree& tree, std::span<const TimedSpan> spans,
                                         std::int64_t shortest_gap_ns, std::vector<PathGap>& gaps) {
  const std::size_t size = spans.size();
  // A child on the path is on it for its whole length, so each span can be processed by itself.
  std::vector<std::int64_t> exclusive(size, 0);
  std::vector<std::int32_t> on_path;
  on_path.reserve(size);
  // Returns the time up to `reached` in which no child on the path runs.
  const auto walk = [&](std::size_t parent, std::int64_t reached, std::int64_t start) {
    std::int64_t own = 0;
    std::int32_t after = -1;
    for (const std::int32_t child : tree.LastFirst(parent)) {
      const TimedInterval& time = tree[child];
      if (time.end > reached) continue;
      if (after != -1 || parent != size) {
        const std::int64_t gap = reached - time.end;
        own += gap;
        if (after != -1 && gap >= shortest_gap_ns) {
          gaps.push_back(
              {parent == size ? -1 : static_cast<std::int32_t>(parent), child, after, gap});
        }
      }
      on_path.push_back(child);
      after = child;
      reached = time.start;
    }
    return own + (reached - start);
  };
  walk(size, INT64_MAX, 0);
  for (std::size_t next = 0; next < on_path.size(); ++next) {
    const std::int32_t i = on_path[next];
    const std::size_t first_gap = gaps.size();
    const std::int64_t own = walk(static_cast<std::size_t>(i), tree[i].end, tree[i].start);
    if (spans[i].human_wait) {
      gaps.resize(first_gap);
    } else {
      exclusive[i] = own;
    }
  }
  return exclusive;
}

std::vector<std::int64_t> CriticalPathNs(std::span<const TimedSpan> spans) {
  std::vector<PathGap> gaps;
  return CriticalPathNs(TimedTree(spans), spans, INT64_MAX, gaps);
}

}  // namespace halo
