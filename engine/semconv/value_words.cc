// SPDX-License-Identifier: MIT
#include "engine/semconv/value_words.h"

#include <charconv>
#include <cmath>

#include "engine/base/ascii.h"
#include "engine/model/span_fields.h"

namespace halo {
namespace {

// The number in a text that may be JSON of JSON, or an amount of money.
std::string_view BareNumber(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"\\";
  const std::size_t begin = text.find_first_not_of(kAround);
  if (begin == text.npos) return {};
  text = text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
  if (text.starts_with('+') || text.starts_with('$')) text.remove_prefix(1);
  return text;
}

bool IsFlag(const Value& value) {
  return value.type == Value::Type::kBool || value.type == Value::Type::kInt;
}

bool IsWord(const Value& value, std::initializer_list<std::string_view> words) {
  return value.type == Value::Type::kText && IsOneOfFolded(value.text, words);
}

}  // namespace

bool IsOneOfFolded(std::string_view word, std::initializer_list<std::string_view> words) {
  for (const std::string_view each : words) {
    if (ascii::EqualsFolded(word, each)) return true;
  }
  return false;
}

bool IsAbsent(const Value& value) {
  return value.type == Value::Type::kNull || (value.has_text() && value.text.empty());
}

bool HoldsDigit(const Value& value) {
  return value.type == Value::Type::kText &&
         value.text.find_first_of("0123456789") != value.text.npos;
}

std::optional<double> NumberOf(const Value& value) {
  switch (value.type) {
    case Value::Type::kInt:
      return static_cast<double>(value.integer);
    case Value::Type::kDouble:
      return value.real;
    case Value::Type::kText: {
      const std::string_view text = BareNumber(value.text);
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return {};
      return number;
    }
    default:
      return {};
  }
}

std::int64_t CountOf(const Value& value, double scale) {
  if (value.type == Value::Type::kInt && scale == 1) {
    return value.integer >= 0 ? value.integer : kRefusedCount;
  }
  const std::optional<double> number = NumberOf(value);
  if (!number) return HoldsDigit(value) ? kRefusedCount : -1;
  if (!(*number >= 0 && *number * scale < 9e15)) return kRefusedCount;
  return static_cast<std::int64_t>(scale == 1 ? *number : std::round(*number * scale));
}

bool IsPositive(const Value& value) {
  const std::optional<double> number = NumberOf(value);
  return number && *number > 0 && std::isfinite(*number);
}

bool SaysTrue(const Value& value) {
  return IsFlag(value) ? value.integer != 0 : IsWord(value, {"true", "1", "yes"});
}

bool SaysFalse(const Value& value) {
  return IsFlag(value) ? value.integer == 0 : IsWord(value, {"false", "0", "no"});
}

bool SaysError(const Value& value) {
  return SaysTrue(value) ||
         IsWord(value, {"error", "critical", "fatal", "status_code_error", "failed"});
}

bool SaysNoError(std::string_view text) {
  return IsOneOfFolded(text, {"", "false", "0", "none", "null", "nil", "undefined", "no",
                              "no error", "ok", "success", "{}", "[]"});
}

std::string_view WithoutQuotes(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return name;
  return name.substr(1, name.size() - 2);
}

}  // namespace halo
