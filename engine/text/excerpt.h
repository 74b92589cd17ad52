// SPDX-License-Identifier: MIT
// Exact pieces of long values, for answers to quote. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halo {

// Bytes [offset, offset + length) of a value, on UTF-8 character boundaries.
struct TextRange {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// The most informative line of an error text: the last exception line of a traceback ("ValueError:
// ..."), else the first line that names an error, else the first non-empty line. At most
// `max_bytes`.
TextRange FindErrorLine(std::string_view text, std::uint32_t max_bytes = 300);

// At most `max_bytes` around `hit`, starting and ending at white space if some is near.
TextRange ExcerptAround(std::string_view text, TextRange hit, std::uint32_t max_bytes = 200);

// At most `max_bytes` of [begin, end) of the text, without white space at its ends.
TextRange ExcerptFrom(std::string_view text, std::size_t begin, std::size_t end,
                      std::uint32_t max_bytes = 300);

// The first `max_bytes` of the text without leading white space.
TextRange ExcerptStart(std::string_view text, std::uint32_t max_bytes = 300);

}  // namespace halo
