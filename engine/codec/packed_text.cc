// SPDX-License-Identifier: MIT
#include "engine/codec/packed_text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace halo {
namespace {

constexpr std::array<std::int8_t, 256> kHexDigit = [] {
  std::array<std::int8_t, 256> digits{};
  for (auto& digit : digits) digit = -1;
  for (int i = 0; i < 10; ++i) {
    digits[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  }
  for (int i = 0; i < 6; ++i) {
    digits[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return digits;
}();

bool IsHex(std::string_view text) {
  if (text.size() < 8 || text.size() % 2 != 0) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return kHexDigit[static_cast<unsigned char>(c)] >= 0; });
}

void PutBytes(std::string& out, std::string_view text, bool packed) {
  if (!packed) {
    out.append(text);
    return;
  }
  const std::size_t begin = out.size();
  out.resize(begin + text.size() / 2);
  char* to = out.data() + begin;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = kHexDigit[static_cast<unsigned char>(text[i])];
    const int low = kHexDigit[static_cast<unsigned char>(text[i + 1])];
    *to++ = static_cast<char>(high * 16 + low);
  }
}

}  // namespace

std::uint64_t PutPacked(std::string& out, std::string_view text) {
  const bool packed = IsHex(text);
  PutBytes(out, text, packed);
  return text.size() * 2 + packed;
}

PackedText TakePacked(ByteReader& in, std::uint64_t number) {
  return {in.Take(PackedSize(number)), number % 2 != 0};
}

void PutText(std::string& out, std::string_view text) {
  const bool packed = IsHex(text);
  PutVarint(out, text.size() * 2 + packed);
  PutBytes(out, text, packed);
}

PackedText TakePackedText(ByteReader& in) { return TakePacked(in, in.Varint()); }

void PackedText::Unpack(char* out) const {
  if (!packed) {
    if (!stored.empty()) std::memcpy(out, stored.data(), stored.size());
    return;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : stored) {
    *out++ = kDigits[static_cast<unsigned char>(c) >> 4];
    *out++ = kDigits[static_cast<unsigned char>(c) & 15];
  }
}

}  // namespace halo
