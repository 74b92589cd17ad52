// SPDX-License-Identifier: MIT
// One part of an input that could not be taken.
#pragma once

#include <cstdint>
#include <string>

namespace halo {

// One part of an input that could not be taken. `reason` is a fixed snake_case name such as
// "invalid_json" or "missing_trace_id"; `offset` is the byte where the refused part starts in the
// decompressed input; `detail` is at most 200 bytes for a person to read.
struct Reject {
  std::string reason;
  std::uint64_t offset = 0;
  std::string detail;
};

}  // namespace halo
