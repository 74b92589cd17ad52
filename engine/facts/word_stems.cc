// SPDX-License-Identifier: MIT
#include "engine/facts/word_stems.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/base/ascii.h"

namespace halo {

bool HoldsStem(std::string_view text, std::span<const std::string_view> stems) {
  std::array<bool, 256> begins{};
  for (const std::string_view stem : stems) {
    const char upper = static_cast<char>(stem[0] - 'a' + 'A');
    begins[static_cast<unsigned char>(stem[0])] = true;
    begins[static_cast<unsigned char>(upper)] = true;
  }
  bool in_word = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins_word = !in_word;
    in_word = ascii::IsAlnum(c);
    if (!begins_word || !begins[static_cast<unsigned char>(c)]) continue;
    const std::string_view rest = text.substr(i);
    if (std::any_of(stems.begin(), stems.end(),
                    [&](std::string_view stem) { return ascii::StartsWithFolded(rest, stem); })) {
      return true;
    }
  }
  return false;
}

}  // namespace halo
