// SPDX-License-Identifier: MIT
#include "engine/importers/span_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

#include "engine/base/rfc3339.h"

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
  // In groups of eight, since ids account for most of the bytes that are examined one by one.
  for (; i + 8 <= id.size(); i += 8) {
    bits |= bits_at(i) | bits_at(i + 1) | bits_at(i + 2) | bits_at(i + 3) | bits_at(i + 4) |
            bits_at(i + 5) | bits_at(i + 6) | bits_at(i + 7);
  }
  for (; i < id.size(); ++i) bits |= bits_at(i);
  return bits;
}

constexpr char kHex[] = "0123456789abcdef";

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

std::string_view CanonicalIdOfBytes(std::string_view bytes, Arena& arena) {
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return {};
  char* const hex = arena.Allocate(2 * bytes.size());
  char* to = hex;
  for (const char c : bytes) {
    *to++ = kHex[static_cast<unsigned char>(c) >> 4];
    *to++ = kHex[c & 15];
  }
  return {hex, 2 * bytes.size()};
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
  constexpr std::size_t kDate = std::string_view("2026-04-23").size();
  const std::optional<std::int64_t> time = ParseRfc3339(text);
  if (!time || *time < 0 || text.size() == kDate) return false;
  ns = *time;
  return true;
}

}  // namespace halo
