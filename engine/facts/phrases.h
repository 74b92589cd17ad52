// SPDX-License-Identifier: MIT
// Finds set phrases at the beginning of a text. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// The first `bytes` of the text in lower case, with plain apostrophes for typographic ones.
std::string FoldedHead(std::string_view text, std::size_t bytes);

// Whether the phrase, which is folded, occurs and no letter or digit touches it. Looks at its first
// occurrence only.
bool HoldsPhrase(std::string_view head, std::string_view phrase);

}  // namespace halo
