// SPDX-License-Identifier: MIT
// Pages that tools hand to a model as if they were what was asked for: of an HTTP error, of a
// log-in, of a check for robots. They carry no error status. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class PageKind : std::uint8_t { kNone, kStatus, kLogIn, kBotCheck };

// Looks at the first 600 bytes, where such a page says what it is; a text that speaks of one says
// so later. Words that other texts use too count only in a short text.
PageKind FindErrorPage(std::string_view text);

}  // namespace halo
