// SPDX-License-Identifier: MIT
#include "engine/importers/span_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <string_view>

namespace halo {
namespace {

// The kinds of characters in an id, as bits.
enum : unsigned char { kZero = 1, kLower = 2, kUpper = 4, kOther = 8 };

constexpr std::array<unsigned char, 256> kIdBits = [] {
  std::array<unsigned char, 256> bits{};
  bits.fill(kOther);
  for (unsigned char c = '1'; c <= '9'; ++c) bits[c] = kLower;
  for (unsigned char c = 'a'; c <= 'f'; ++c) bits[c] = kLower;
  for (unsigned char c = 'A'; c <= 'F'; ++c) bits[c] = kUpper;
  bits['0'] = kZero;
  return bits;
}();

unsigned BitsOf(std::string_view id) {
  const auto bits_at = [&](std::size_t i) -> unsigned {
    return kIdBits[static_cast<unsigned char>(id[i])];
  };
  unsigned bits = 0;
  std::size_t i = 0;
  // In groups, since ids are most of what is looked at by the byte.
  for (; i + 8 <= id.size(); i += 8) {
    bits |= bits_at(i) | bits_at(i + 1) | bits_at(i + 2) | bits_at(i + 3) | bits_at(i + 4) |
            bits_at(i + 5) | bits_at(i + 6) | bits_at(i + 7);
  }
  for (; i < id.size(); ++i) bits |= bits_at(i);
  return bits;
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// Hex of a padded base64 text of exactly `bytes` bytes; empty for any other text.
std::string_view HexOfBase64(std::string_view text, std::size_t bytes, Arena& arena) {
  constexpr char kHex[] = "0123456789abcdef";
  const std::size_t digits = (bytes * 8 + 5) / 6;
  const std::size_t padded = (digits + 3) / 4 * 4;
  if (text.size() != padded || digits == padded) return {};
  if (text.substr(digits).find_first_not_of('=') != std::string_view::npos) return {};
  char* const out = arena.Allocate(2 * bytes);
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t written = 0;
  for (const char c : text.substr(0, digits)) {
    const int digit = Base64Digit(c);
    if (digit < 0) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    for (; held >= 4 && written < 2 * bytes; held -= 4) {
      out[written++] = kHex[bits >> (held - 4) & 15];
    }
  }
  return {out, 2 * bytes};
}

// Removes `count` decimal digits from the start of `text`. -1 if they are not there.
int TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// ".123456789"; digits after the ninth are dropped.
bool TakeFraction(std::string_view& text, std::int64_t& ns) {
  ns = 0;
  if (!TakeChar(text, ".,")) return true;
  std::int64_t unit = 100'000'000;
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    ns += (text[0] - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return true;
}

// "Z", "+02:00", "+0200", "+02" or nothing: minutes east of UTC.
bool TakeZone(std::string_view& text, int& minutes) {
  minutes = 0;
  if (text.empty() || TakeChar(text, "Zz")) return true;
  const int sign = text[0] == '-' ? -1 : 1;
  if (!TakeChar(text, "+-")) return false;
  const int hours = TakeDigits(text, 2);
  if (hours < 0) return false;
  TakeChar(text, ":");
  const int rest = text.empty() ? 0 : TakeDigits(text, 2);
  minutes = sign * (hours * 60 + rest);
  return rest >= 0;
}

std::string_view WithoutPrefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(), [](char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == b;
  });
}

constexpr std::string_view kKinds[] = {"", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};

}  // namespace

std::string_view CanonicalId(std::string_view id, std::size_t bytes, Arena& arena) {
  const unsigned bits = BitsOf(id);
  if (bits & kOther) {
    const std::string_view hex = HexOfBase64(id, bytes, arena);
    return hex.empty() ? id : CanonicalId(hex, bytes, arena);
  }
  if (!(bits & (kLower | kUpper))) return {};
  if (!(bits & kUpper)) return id;
  char* const lower = arena.Allocate(id.size());
  std::transform(id.begin(), id.end(), lower,
                 [](char c) { return c >= 'A' ? static_cast<char>(c | 0x20) : c; });
  return {lower, id.size()};
}

std::string_view KindWord(std::int64_t number) {
  return number >= 0 && number < std::ssize(kKinds) ? kKinds[number] : std::string_view();
}

std::string_view KindWord(std::string_view name) {
  name = WithoutPrefix(name, "SPAN_KIND_");
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (EqualsIgnoringCase(name, kKinds[i])) return kKinds[i];
    if (name.size() == 1 && name[0] == static_cast<char>('0' + i)) return kKinds[i];
  }
  return EqualsIgnoringCase(name, "UNSPECIFIED") ? std::string_view() : name;
}

StatusCode StatusOf(std::int64_t number) {
  return number == 1 ? StatusCode::kOk : number == 2 ? StatusCode::kError : StatusCode::kUnset;
}

StatusCode StatusOf(std::string_view name) {
  name = WithoutPrefix(name, "STATUS_CODE_");
  if (EqualsIgnoringCase(name, "OK") || name == "1") return StatusCode::kOk;
  if (EqualsIgnoringCase(name, "ERROR") || name == "2") return StatusCode::kError;
  return StatusCode::kUnset;
}

bool ParseTime(std::string_view text, std::int64_t& ns) {
  const int year = TakeDigits(text, 4);
  if (year < 1970 || year > 2261 || !TakeChar(text, "-")) return false;
  const int month = TakeDigits(text, 2);
  if (!TakeChar(text, "-")) return false;
  const int day = TakeDigits(text, 2);
  if (!TakeChar(text, "Tt ")) return false;
  const int hour = TakeDigits(text, 2);
  if (!TakeChar(text, ":")) return false;
  const int minute = TakeDigits(text, 2);
  int second = 0;
  if (TakeChar(text, ":")) second = TakeDigits(text, 2);
  std::int64_t fraction;
  int zone;
  if (!TakeFraction(text, fraction) || !TakeZone(text, zone) || !text.empty()) return false;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return false;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute - zone) * 60 + second;
  if (seconds < 0) return false;
  ns = seconds * 1'000'000'000 + fraction;
  return true;
}

}  // namespace halo
