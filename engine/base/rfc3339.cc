// SPDX-License-Identifier: MIT
#include "engine/base/rfc3339.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Removes a number of exactly `digits` digits from the front.
std::optional<int> TakeNumber(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!ascii::IsDigit(text[i])) return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Seconds since 1970.
std::optional<std::int64_t> TakeDate(std::string_view& text) {
  const auto year = TakeNumber(text, 4);
  if (!year || !Take(text, "-")) return std::nullopt;
  const auto month = TakeNumber(text, 2);
  if (!month || !Take(text, "-")) return std::nullopt;
  const auto day = TakeNumber(text, 2);
  if (!day || *year < 1700 || *year > 2261) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * 86400LL;
}

// Reads the digits after the decimal point, as nanoseconds.
std::optional<std::int64_t> TakeFraction(std::string_view& text) {
  if (text.empty() || !ascii::IsDigit(text[0])) return std::nullopt;
  std::int64_t ns = 0;
  for (std::int64_t unit = kSecond / 10; !text.empty() && ascii::IsDigit(text[0]); unit /= 10) {
    ns += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  return ns;
}

// Nanoseconds since midnight.
std::optional<std::int64_t> TakeClock(std::string_view& text) {
  const auto hour = TakeNumber(text, 2);
  if (!hour || !Take(text, ":")) return std::nullopt;
  const auto minute = TakeNumber(text, 2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  std::int64_t ns = (*hour * 3600LL + *minute * 60LL) * kSecond;
  if (Take(text, ":")) {
    const auto second = TakeNumber(text, 2);
    if (!second || *second > 60) return std::nullopt;  // 60: a leap second
    ns += *second * kSecond;
  }
  if (!Take(text, ".,")) return ns;
  const auto fraction = TakeFraction(text);
  return fraction ? std::optional(ns + *fraction) : std::nullopt;
}

// Seconds east of UTC.
std::optional<std::int64_t> TakeZone(std::string_view& text) {
  if (text.empty() || Take(text, "Zz")) return 0;
  const int sign = text[0] == '-' ? -1 : 1;
  if (!Take(text, "+-")) return std::nullopt;
  const auto hours = TakeNumber(text, 2);
  if (!hours) return std::nullopt;
  Take(text, ":");
  const auto minutes = text.empty() ? 0 : TakeNumber(text, 2);
  if (!minutes) return std::nullopt;
  return sign * (*hours * 3600LL + *minutes * 60LL);
}

}  // namespace

std::optional<std::int64_t> ParseRfc3339(std::string_view text) {
  const auto date = TakeDate(text);
  if (!date) return std::nullopt;
  if (text.empty()) return *date * kSecond;
  if (!Take(text, "Tt ")) return std::nullopt;
  const auto clock = TakeClock(text);
  if (!clock) return std::nullopt;
  const auto zone = TakeZone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return (*date - *zone) * kSecond + *clock;
}

std::string Rfc3339(std::int64_t ns) {
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

}  // namespace halo
