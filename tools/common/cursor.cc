// SPDX-License-Identifier: MIT
#include "tools/common/cursor.h"

#include <cstdint>

namespace halo {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string EncodeCursorText(std::string_view json) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char byte : json) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6) out += kAlphabet[(bits >> (held - 6)) & 63];
  }
  if (held > 0) out += kAlphabet[(bits << (6 - held)) & 63];
  return out;
}

std::string DecodeCursorText(std::string_view cursor) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char digit : cursor) {
    const std::size_t value = kAlphabet.find(digit);
    if (value == std::string_view::npos) return {};
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFF);
    }
  }
  return out;
}

Error WrongCursor() {
  return {Code::kInvalidArgument,
          "$.cursor: expected the next_cursor of an earlier answer of this tool, unchanged; to "
          "start from the first page leave it out"};
}

}  // namespace halo
