// SPDX-License-Identifier: MIT
#include "tools/common/time_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;

// Takes `digits` digits off the front.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  const char* end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> TakeDate(std::string_view& text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !Take(text, "-")) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !Take(text, "-")) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  // The range of nanoseconds in 64 bits.
  if (!date.ok() || *year < 1700 || *year > 2200) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kDay;
}

std::optional<std::int64_t> TakeClock(std::string_view& text) {
  const auto hour = TakeNumber(text, 2);
  if (!hour || !Take(text, ":")) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  std::int64_t ns = (*hour * 3600LL + *minute * 60LL) * kSecond;
  if (!Take(text, ":")) return ns;
  const auto second = TakeNumber(text, 2);
  if (!second || *second > 60) return std::nullopt;
  ns += *second * kSecond;
  if (!Take(text, ".")) return ns;
  std::int64_t unit = kSecond / 10;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), unit /= 10) {
    ns += (text[0] - '0') * unit;
  }
  return ns;
}

std::optional<std::int64_t> TakeZone(std::string_view& text) {
  if (text.empty() || Take(text, "Zz")) return 0;
  const bool west = text[0] == '-';
  if (!Take(text, "+-")) return std::nullopt;
  const auto offset = TakeClock(text);
  if (!offset) return std::nullopt;
  return west ? -*offset : *offset;
}

std::optional<std::int64_t> ParseAbsolute(std::string_view text) {
  const auto date = TakeDate(text);
  if (!date) return std::nullopt;
  if (text.empty()) return date;
  if (!Take(text, "Tt ")) return std::nullopt;
  const auto clock = TakeClock(text);
  if (!clock) return std::nullopt;
  const auto zone = TakeZone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return *date + *clock - *zone;
}

std::optional<std::int64_t> ParseRelative(std::string_view text, std::int64_t now_ns) {
  const bool back = !text.empty() && text[0] == '-';
  if (!Take(text, "+-") || text.size() < 2) return std::nullopt;
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

std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string TimeText(std::int64_t ns) {
  if (ns == 0) return {};
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(ns)};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto ms = floor<std::chrono::milliseconds>(time - day).count();
  std::array<char, 64> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()),
                    unsigned(date.month()), unsigned(date.day()), static_cast<int>(ms / 3'600'000),
                    static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60));
  std::string out(text.data(), static_cast<std::size_t>(size));
  if (ms % 1000 != 0) {
    const std::string digits = std::to_string(ms % 1000);
    out.append(".").append(3 - digits.size(), '0').append(digits);
  }
  return out + "Z";
}

Result<std::int64_t> ParseTime(std::string_view text, std::int64_t now_ns, std::string_view field) {
  if (const auto time = ParseRelative(text, now_ns)) return *time;
  if (const auto time = ParseAbsolute(text)) return *time;
  return Error{Code::kInvalidArgument,
               Cat(field,
                   ": expected a time as RFC 3339, such as \"2026-01-31T12:00:00Z\", or from "
                   "now, such as \"-24h\" or \"-7d\"; got ",
                   Quoted(text))};
}

}  // namespace halo
