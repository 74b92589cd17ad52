// SPDX-License-Identifier: MIT
// Repairs two common faults in JSON: text that is not UTF-8, and unescaped control characters in
// strings. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/json/arena.h"

namespace halo {

// Replaces each maximal invalid part by U+FFFD (Unicode standard, section 3.9), and each control
// character in a string by its escape. `shifts` receives pairs (position in the result, n) in
// order: from that position on, the result is n bytes ahead of the input.
std::string RepairJson(std::string_view text,
                       std::vector<std::pair<std::size_t, std::int64_t>>& shifts);

// The text with U+FFFD for each maximal part that is not UTF-8: the text itself if all of it is
// UTF-8, else a copy in the arena.
std::string_view RepairUtf8(std::string_view text, Arena& arena);

// The length in bytes of the well-formed UTF-8 character at `at`. 0 if it is malformed; `bad` is
// then the number of bytes that one U+FFFD replaces.
std::size_t Utf8Length(std::string_view text, std::size_t at, std::size_t& bad);

}  // namespace halo
