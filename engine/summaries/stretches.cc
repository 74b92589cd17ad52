// SPDX-License-Identifier: MIT
#include "engine/summaries/stretches.h"

#include <algorithm>

namespace halo {

Stretches FindStretches(std::vector<std::pair<std::int64_t, std::int64_t>> events) {
  std::sort(events.begin(), events.end());
  Stretches found;
  std::int64_t end_ns = 0, size = 0;
  for (const auto& [begin, end] : events) {
    if (size == 0 || begin > end_ns) {
      ++found.count;
      size = 0;
      end_ns = end;
    }
    end_ns = std::max(end_ns, end);
    found.largest = std::max(found.largest, ++size);
  }
  return found;
}

}  // namespace halo
