// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace halo {

// Nanoseconds since 1970 by the system's clock. Any thread.
inline std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace halo
