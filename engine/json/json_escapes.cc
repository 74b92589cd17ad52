// SPDX-License-Identifier: MIT
#include "engine/json/json_escapes.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "engine/base/find_bytes.h"

namespace halo {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The value of the four hex digits at `at`; -1 if there are fewer.
int HexUnit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

char* PutUtf8(std::uint32_t code, char* out) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | code >> 6);
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | code >> 12);
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | code >> 18);
    *out++ = static_cast<char>(0x80 | (code >> 12 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

// By the character after a backslash, the character that the escape denotes; 0 for no escape.
constexpr std::array<char, 256> kSimpleEscapes = [] {
  std::array<char, 256> escapes{};
  constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
  for (std::size_t i = 0; i < kFrom.size(); ++i) {
    escapes[static_cast<unsigned char>(kFrom[i])] = kTo[i];
  }
  return escapes;
}();

// Decodes the \uXXXX whose four digits begin at `at`, with its low surrogate if one follows, and
// moves `at` past it. Null if the digits are not hex.
char* DecodeUnicodeEscape(std::string_view text, std::size_t& at, char* out) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  const int unit = HexUnit(text, at);
  if (unit < 0) return nullptr;
  at += 4;
  if (unit < 0xD800 || unit > 0xDFFF) return PutUtf8(static_cast<std::uint32_t>(unit), out);
  if (unit <= 0xDBFF && text.substr(at, 2) == "\\u") {
    const int low = HexUnit(text, at + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      at += 6;
      return PutUtf8(static_cast<std::uint32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)),
                     out);
    }
  }
  return PutUtf8(kReplacement, out);
}

}  // namespace

JsonError DecodeJsonEscapes(std::string_view content, std::size_t at, Arena& arena,
                            std::string_view& out) {
  // No escape is shorter than the character it denotes.
  char* const begin = arena.Allocate(content.size() + kByteSlack);
  std::memcpy(begin, content.data(), at);
  char* end = begin + at;
  while (at < content.size()) {
    if (at + 1 == content.size()) return JsonError::kInvalid;
    if (content[at + 1] == 'u') {
      at += 2;
      end = DecodeUnicodeEscape(content, at, end);
      if (!end) return JsonError::kInvalid;
    } else {
      const char c = kSimpleEscapes[static_cast<unsigned char>(content[at + 1])];
      if (c == 0) return JsonError::kInvalid;
      *end++ = c;
      at += 2;
    }
    at = CopyToBackslash(content, at, end);
  }
  out = {begin, static_cast<std::size_t>(end - begin)};
  return JsonError::kOk;
}

}  // namespace halo
