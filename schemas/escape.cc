// SPDX-License-Identifier: MIT
#include "schemas/escape.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace halo {
namespace {

struct Range {
  char32_t first, last;
};

// Invisible or reordering code points: general category Cc, the invisible ones of Cf, Zl and Zp,
// fillers, and variation selectors, which can carry hidden bytes (except U+FE0F, common in emoji).
constexpr Range kHidden[] = {
    {0x00, 0x08},     {0x0B, 0x1F},     {0x7F, 0x9F},       {0xAD, 0xAD},       {0x034F, 0x034F},
    {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFE00, 0xFE0E},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

struct Decoded {
  char32_t code;
  std::size_t size;  // 0 if the bytes are not UTF-8
};

Decoded Decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {0, 0};
  char32_t code = lead & (0x7F >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0, 0};
    code = (code << 6) | (byte(i) & 0x3F);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {0, 0};
  return {code, size};
}

bool IsHidden(char32_t code) {
  return std::any_of(std::begin(kHidden), std::end(kHidden), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

void AppendEscape(std::string& out, char kind, char32_t code) {
  std::array<char, 8> hex;
  const auto end =
      std::to_chars(hex.data(), hex.data() + hex.size(), static_cast<unsigned long>(code), 16);
  out.append({'\\', kind, '{'}).append(hex.data(), end.ptr).append("}");
}

}  // namespace

std::string EscapeText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead >= 0x20 && lead < 0x7F) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const Decoded decoded = Decode(text);
    if (decoded.size == 0) {
      AppendEscape(out, 'x', lead);
      text.remove_prefix(1);
      continue;
    }
    if (IsHidden(decoded.code)) {
      AppendEscape(out, 'u', decoded.code);
    } else {
      out.append(text.substr(0, decoded.size));
    }
    text.remove_prefix(decoded.size);
  }
  return out;
}

}  // namespace halo
