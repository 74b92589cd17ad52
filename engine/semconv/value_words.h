// SPDX-License-Identifier: MIT
// The meaning of single values, whatever their type: booleans, numbers, the absence of an error.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "engine/model/span.h"

namespace halo {

// Whether the value is null or an empty text, which counts as a missing attribute.
bool IsAbsent(const Value& value);

// The number in a value, or in a text such as "3", "\"3\"" or "$0.25".
std::optional<double> NumberOf(const Value& value);

// Whether the value is probably meant as a number: "1,000" is, "unknown" is not.
bool HoldsDigit(const Value& value);

// NumberOf as a count, times `scale`. -1 if the value is not meant as a number, kRefusedCount if it
// cannot be a count.
std::int64_t CountOf(const Value& value, double scale = 1);

bool IsPositive(const Value& value);

bool SaysTrue(const Value& value);
bool SaysFalse(const Value& value);
// Whether the value is true, or a level or status of an error.
bool SaysError(const Value& value);

// Whether the text is a placeholder for the absence of an error, such as "none".
bool SaysNoError(std::string_view text);

// The name without JSON quotes, in which MLflow writes every attribute.
std::string_view WithoutQuotes(std::string_view name);

// Whether `word` is one of `words`, ignoring case; `words` must be lower-case.
bool IsOneOfFolded(std::string_view word, std::initializer_list<std::string_view> words);

}  // namespace halo
