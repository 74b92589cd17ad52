// SPDX-License-Identifier: MIT
// What single values mean, whatever type they were given as: truth, numbers, the absence of an
// error. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "engine/model/span.h"

namespace halo {

// Null or an empty text: as if the attribute were not there.
bool IsAbsent(const Value& value);

// A number, or a text that holds one: "3", "\"3\"", "$0.25".
std::optional<double> NumberOf(const Value& value);

// "1,000" is meant as a number, "unknown" is not.
bool HoldsDigit(const Value& value);

// NumberOf as a count, times `scale`. -1 where the value is not meant as a number, kRefusedCount
// where it cannot be a count.
std::int64_t CountOf(const Value& value, double scale = 1);

bool IsPositive(const Value& value);

bool SaysTrue(const Value& value);
bool SaysFalse(const Value& value);
// True, or a level or status of an error.
bool SaysError(const Value& value);

// Words that fill the place of an error's text when there was no error, such as "none".
bool SaysNoError(std::string_view text);

// A name that its emitter wrote as JSON, as MLflow writes each attribute.
std::string_view WithoutQuotes(std::string_view name);

// Whether `word` is one of `words`, which are lower-case, in either case.
bool IsOneOfFolded(std::string_view word, std::initializer_list<std::string_view> words);

}  // namespace halo
