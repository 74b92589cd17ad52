// SPDX-License-Identifier: MIT
// Values that a masker put in the place of content: "__REDACTED__", "[REDACTED]", "***",
// "<masked>", "[Filtered]", "sha256:...". Nothing is known of what they hide: two of them are not
// equal, and none of them is wrong. A longer text in which such a mark stands is content.
#pragma once

#include <string_view>

namespace halo {

// Whether the whole text is a mask, or JSON whose strings are, at least one of them.
bool IsMasked(std::string_view text);

// The same for one value; JSON text is not looked into.
bool IsMask(std::string_view value);

}  // namespace halo
