// SPDX-License-Identifier: MIT
// Makes text of unknown origin safe to show. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace halo {

// Control characters (line breaks and tabs excepted), bidirectional and zero-width marks, tag
// characters and the like become escapes such as \u{200b}; bytes that are not UTF-8 become \x{ff}.
// The result is valid UTF-8 without hidden characters.
std::string EscapeText(std::string_view text);

}  // namespace halo
