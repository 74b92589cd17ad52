// SPDX-License-Identifier: MIT
// Recognises values that a masker put in the place of content: "__REDACTED__", "[REDACTED]", "***",
// "<masked>", "[Filtered]", "sha256:...". What they hide is unknown, so two of them are not equal,
// and none of them is an error. A longer text that contains such a mark is content.
#pragma once

#include <string_view>

namespace halo {

// Whether the whole text is a mask, or JSON of which at least one string is and all others are.
bool IsMasked(std::string_view text);

// The same without looking into JSON text.
bool IsMask(std::string_view value);

}  // namespace halo
