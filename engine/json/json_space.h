// SPDX-License-Identifier: MIT
// White space as JSON defines it, and the padding that readers of JSON need.
#pragma once

#include <cstddef>
#include <string_view>

namespace halo {

// Readers of JSON may read, but not interpret, this many bytes after the end of a text.
inline constexpr std::size_t kJsonPadding = 64;

constexpr bool IsJsonSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// The text without white space at its start.
constexpr std::string_view SkipJsonSpace(std::string_view text) {
  while (!text.empty() && IsJsonSpace(text.front())) text.remove_prefix(1);
  return text;
}

// The text without white space at both ends.
constexpr std::string_view TrimJsonSpace(std::string_view text) {
  text = SkipJsonSpace(text);
  while (!text.empty() && IsJsonSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace halo
