// SPDX-License-Identifier: MIT
// Makes JSON acceptable that breaks two rules which emitters often break: text that is not UTF-8
// and control characters that stand unescaped in strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {

// Each maximal invalid part becomes U+FFFD (Unicode standard, section 3.9), each control character
// inside a string its escape. `shifts` gets, in order, the positions in the result from which on it
// is longer than the input, and by how many bytes.
std::string RepairJson(std::string_view text,
                       std::vector<std::pair<std::size_t, std::int64_t>>& shifts);

// Length of the well-formed UTF-8 character at `at`; 0 if there is none. `bad` is then the number
// of bytes that one U+FFFD stands for.
std::size_t Utf8Length(std::string_view text, std::size_t at, std::size_t& bad);

}  // namespace halo
