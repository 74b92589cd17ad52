// SPDX-License-Identifier: MIT
// Hashes of the beginnings of texts, by which a result is recognised in a prompt that repeats it
// with other white space, quotes or escapes, behind a heading, or cut off. Pure; any thread.
//
// Only letters and digits count, without case; other ASCII characters are skipped, JSON escapes
// are decoded. A text has a short head, of its first 24 such bytes, and a long one, of its first
// 80; one that is too short has none, since "OK" and "[]" stand everywhere.
// Source: the data-flow links of HarnessFix (arXiv 2606.06324).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace halo {

inline constexpr std::size_t kShortHead = 24, kLongHead = 80;

// 0: the text is too short.
struct TextHead {
  std::uint32_t brief = 0, whole = 0;
  // The one that distinguishes the text best.
  std::uint32_t best() const { return whole != 0 ? whole : brief; }
};

TextHead HeadHash(std::string_view text);

// Appends the heads of the text, and with `inside` also the short ones at the beginnings of its
// first lines, strings and values after a colon; none twice.
void AppendHeads(std::string_view text, bool inside, std::vector<std::uint32_t>& out);

}  // namespace halo
