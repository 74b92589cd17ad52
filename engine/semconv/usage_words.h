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

// The field of a member of a usage object, by its path of keys joined by dots, such as
// "prompt_tokens_details.cached_tokens"; nullopt if the member is not a billed count.
std::optional<Field> UsageFieldOf(std::string_view path);

// The same for an attribute, by the part of its key after the prefix; see PrefixRule.
std::optional<Field> UsageFieldOfKey(std::string_view path, bool parts_are_exclusive);

// Whether an object at this path may hold counts.
bool MayHoldUsage(std::string_view path);

}  // namespace halo
