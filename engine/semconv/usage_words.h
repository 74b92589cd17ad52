// SPDX-License-Identifier: MIT
// Token counts under the names that SDKs and providers give them. They differ in case, separators
// and nesting more than in words: "cacheReadInputTokens", "cache_read_input_tokens" and
// "cache_read.input_tokens" are one name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/semconv/convention.h"

namespace halo {

// The count that a member of a usage object holds, by its path of keys joined by dots, such as
// "prompt_tokens_details.cached_tokens"; nothing for a member that is not
// a count that is billed.
std::optional<Field> UsageFieldOf(std::string_view path);

// The same for an attribute, by what follows the prefix of its key; see PrefixRule.
std::optional<Field> UsageFieldOfKey(std::string_view path, bool parts_are_exclusive);

// Whether an object at this path may hold counts.
bool MayHoldUsage(std::string_view path);

}  // namespace halo
