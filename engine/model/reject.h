// SPDX-License-Identifier: MIT
// A part of an input that was rejected.
#pragma once

#include <cstdint>
#include <string>

namespace halo {

// `reason` is a name of reject_reasons.h, such as "invalid_json"; `offset` is where the rejected
// part starts in the decompressed input, in bytes; `detail` is at most 200 bytes for the user.
struct Reject {
  std::string reason;
  std::uint64_t offset = 0;
  std::string detail;
};

}  // namespace halo
