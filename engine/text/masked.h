// SPDX-License-Identifier: MIT
// Recognises values that a masker substituted for content: "__REDACTED__", "[REDACTED]", "***",
// "<masked>", "[Filtered]", "sha256:...". The hidden content is unknown, so two masks are never
// equal, and a mask is never an error. A longer text that contains such a mark is content. Pure
// functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether the whole text is a mask, or JSON in which at least one string value is one.
bool IsMasked(std::string_view text);

// Whether the whole text is a mask. Does not examine JSON.
bool IsMask(std::string_view value);

}  // namespace halo
