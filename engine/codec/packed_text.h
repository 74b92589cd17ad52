// SPDX-License-Identifier: MIT
// Texts as stored bytes, behind a number that tells their size: even-length lower-case hex, as most
// ids are, takes half of it. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/codec/bytes.h"

namespace halo {

// A text as it stands in stored bytes, for readers that want only some of many.
struct PackedText {
  std::string_view stored;
  bool packed = false;

  std::size_t size() const { return packed ? stored.size() * 2 : stored.size(); }
  void Unpack(char* out) const;  // size() bytes
};

// How many bytes are stored behind this number.
constexpr std::uint64_t PackedSize(std::uint64_t number) {
  return number % 2 == 0 ? number / 2 : number / 4;
}

// Appends the text without its number, which is returned.
std::uint64_t PutPacked(std::string& out, std::string_view text);
PackedText TakePacked(ByteReader& in, std::uint64_t number);

// The same with the number before it.
void PutText(std::string& out, std::string_view text);
PackedText TakePackedText(ByteReader& in);

}  // namespace halo
