// SPDX-License-Identifier: MIT
// What can be wrong with JSON.
#pragma once

#include <cstdint>

namespace halo {

enum class [[nodiscard]] JsonError : std::uint8_t{
    kOk,
    kWrongType,  // valid so far, but not the type that was asked for; the rest can be read
    kTooDeep,    // nested deeper than kMaxValueDepth; the rest can be read
    kBadText,    // not UTF-8, or a control character in a string; RepairJson may help
    kInvalid,    // anything else that is not JSON; nothing more can be read
};

constexpr bool Failed(JsonError error) { return error != JsonError::kOk; }

}  // namespace halo
