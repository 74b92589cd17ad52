// SPDX-License-Identifier: MIT
// Repairs two faults that emitters often make in texts: bytes that are not UTF-8, and control
// characters in strings that are not escaped. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/json/arena.h"

namespace halo {

// Replaces each maximal invalid part by U+FFFD (Unicode standard, section 3.9), and each control
// character in a string by its escape. `shifts` receives, in order, positions in the result and by
// how many bytes it is longer than the input from there on.
std::string RepairJson(std::string_view text,
                       std::vector<std::pair<std::size_t, std::int64_t>>& shifts);

// The text with U+FFFD for each maximal part that is not UTF-8: itself if there is none, else a
// copy in the arena.
std::string_view RepairUtf8(std::string_view text, Arena& arena);

// The length of the well-formed UTF-8 character at `at`. 0 if there is none; `bad` is then the
// number of bytes that one U+FFFD replaces.
std::size_t Utf8Length(std::string_view text, std::size_t at, std::size_t& bad);

}  // namespace halo
