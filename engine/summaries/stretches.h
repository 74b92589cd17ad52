// SPDX-License-Identifier: MIT
// Whether events of many runs happened at the same time. Pure; any thread.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace halo {

struct Stretches {
  std::int64_t count = 0;    // of stretches of time without a gap
  std::int64_t largest = 0;  // events in the one that has most
};

// `events`: begin and end of each, in ns.
Stretches FindStretches(std::vector<std::pair<std::int64_t, std::int64_t>> events);

}  // namespace halo
