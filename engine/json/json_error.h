// SPDX-License-Identifier: MIT
// The errors of reading JSON.
#pragma once

#include <cstdint>

namespace halo {

enum class [[nodiscard]] JsonError : std::uint8_t{
    kOk,
    kWrongType,  // valid so far, but not of the requested type; the rest can be read
    kTooDeep,    // nested deeper than kMaxValueDepth; the rest can be read
    kBadText,    // not UTF-8, or a control character in a string; RepairJson may help
    kInvalid,    // anything else that is not JSON; nothing more can be read
};

constexpr bool Failed(JsonError error) { return error != JsonError::kOk; }

}  // namespace halo
