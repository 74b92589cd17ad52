// SPDX-License-Identifier: MIT
// Pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace halo {

// The text with the members of each JSON object sorted by key, and without white space around
// brackets, colons and commas, so that two prints of one value are equal. Also accepts Python's
// prints of dictionaries. Parts that are not balanced, or are nested more than 32 levels deep, are
// not changed.
std::string OrderJson(std::string_view text);

}  // namespace halo
