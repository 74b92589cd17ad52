// SPDX-License-Identifier: MIT
// What counts as one run.
#pragma once

#include <cstdint>

namespace halo {

// What counts as one run. A session without id is as many runs as it has traces.
enum class Unit : std::uint8_t { kTrace, kSession };

}  // namespace halo
