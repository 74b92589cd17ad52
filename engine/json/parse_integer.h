// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

// Reads the whole text as a decimal integer. False if it is not one, or is out of range. Pure.
bool ParseInteger(std::string_view text, std::int64_t& out);

}  // namespace halo
