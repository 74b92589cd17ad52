// SPDX-License-Identifier: MIT
#include "tools/common/time_text.h"

#include <charconv>
#include <optional>

#include "engine/base/rfc3339.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;

std::optional<std::int64_t> ParseRelative(std::string_view text, std::int64_t now_ns) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool back = text[0] == '-';
  text.remove_prefix(1);
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = kSecond;
      break;
    case 'm':
      unit = 60 * kSecond;
      break;
    case 'h':
      unit = 3600 * kSecond;
      break;
    case 'd':
      unit = kDay;
      break;
    case 'w':
      unit = 7 * kDay;
      break;
    default:
      return std::nullopt;
  }
  std::int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  const std::int64_t most = 100 * 365 * kDay / unit;
  if (error != std::errc{} || stop != end || count < 0 || count > most) return std::nullopt;
  return now_ns + (back ? -count : count) * unit;
}

}  // namespace

std::string TimeText(std::int64_t ns) { return ns == 0 ? std::string() : Rfc3339(ns); }

Result<std::int64_t> ParseTime(std::string_view text, std::int64_t now_ns, std::string_view field) {
  if (const auto time = ParseRelative(text, now_ns)) return *time;
  if (const auto time = ParseRfc3339(text)) return *time;
  return Error{Code::kInvalidArgument,
               Cat(field,
                   ": expected a time as RFC 3339, such as \"2026-01-31T12:00:00Z\", or from "
                   "now, such as \"-24h\" or \"-7d\"; got ",
                   Quoted(text))};
}

}  // namespace halo
