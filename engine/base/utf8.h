// SPDX-License-Identifier: MIT
// Boundaries of UTF-8 characters.
#pragma once

#include <cstddef>
#include <string_view>

namespace halo::utf8 {

// Whether a byte is a continuation byte of a character.
constexpr bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The last position at or before `at` where a character begins, or the end of the text. A run of
// more than three continuation bytes is not UTF-8, and any position in it is a boundary.
constexpr std::size_t BoundaryBefore(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  std::size_t begin = at;
  while (begin > 0 && at - begin < 4 && IsContinuation(text[begin])) --begin;
  return at - begin < 4 ? begin : at;
}

}  // namespace halo::utf8
