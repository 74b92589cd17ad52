// SPDX-License-Identifier: MIT
#include "engine/json/parse_integer.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <system_error>

namespace halo {
namespace {

// Removes the first eight bytes of the text, if all are digits, and appends them to `value`.
// Source: W. Mula and D. Lemire, "Quickly parsing eight digits", 2018.
bool TakeEightDigits(std::string_view& text, std::uint64_t& value) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t digits;
  std::memcpy(&digits, text.data(), sizeof digits);
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0;
  if (((digits & kHigh) | ((digits + 0x0606060606060606) & kHigh) >> 4) != 0x3333333333333333) {
    return false;
  }
  digits = (digits & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
  digits = (digits & 0x00FF00FF00FF00FF) * 6553601 >> 16;
  digits = (digits & 0x0000FFFF0000FFFF) * 42949672960001 >> 32;
  value = value * 100'000'000 + digits;
  text.remove_prefix(sizeof digits);
  return true;
}

}  // namespace

bool ParseInteger(std::string_view text, std::int64_t& out) {
  // Times have 19 digits, and from_chars multiplies with a check for each digit.
  constexpr std::size_t kMostDigits = 19;
  std::uint64_t value = 0;
  if (text.size() < 8 || text.size() > kMostDigits || !TakeEightDigits(text, value)) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  }
  if (text.size() >= 8 && !TakeEightDigits(text, value)) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (value > INT64_MAX) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

}  // namespace halo
