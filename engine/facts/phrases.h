// SPDX-License-Identifier: MIT
// Finds one set phrase at the beginning of a text. It occurs where its bytes do and no letter or
// digit touches them. For many phrases see word_finder.h. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The first `bytes` of the text in lower case, with plain apostrophes for typographic ones.
std::string FoldedHead(std::string_view text, std::size_t bytes = SIZE_MAX);

bool HoldsPhrase(std::string_view folded, std::string_view phrase);

}  // namespace halo
