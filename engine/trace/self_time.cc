// SPDX-License-Identifier: MIT
#include "engine/trace/self_time.h"

#include <algorithm>

namespace halo {

std::vector<std::int64_t> SelfTimesNs(const TimedTree& tree) {
  std::vector<std::int64_t> self(tree.size(), 0);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const TimedInterval& own = tree[static_cast<std::int32_t>(i)];
    if (own.empty()) continue;
    // Backwards: `covered_from` is where the children seen so far begin.
    std::int64_t covered = 0, covered_from = own.end;
    for (const std::int32_t child : tree.LastFirst(i)) {
      const std::int64_t end = std::min(tree[child].end, covered_from);
      if (tree[child].start >= end) continue;
      covered += end - tree[child].start;
      covered_from = tree[child].start;
    }
    self[i] = own.length() - covered;
  }
  return self;
}

}  // namespace halo
