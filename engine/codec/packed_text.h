// SPDX-License-Identifier: MIT
// Encodes texts as a number that holds the size, followed by bytes. Lower-case hex of even length,
// as most ids are, takes half the space. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/codec/bytes.h"

namespace halo {

// A text in its stored form, so that a reader need not unpack those it skips.
struct PackedText {
  std::string_view stored;
  bool packed = false;

  std::size_t size() const { return packed ? stored.size() * 2 : stored.size(); }
  void Unpack(char* out) const;  // size() bytes
};

// The number of bytes that are stored after `number`.
constexpr std::uint64_t PackedSize(std::uint64_t number) {
  return number % 2 == 0 ? number / 2 : number / 4;
}

// Appends the bytes of a text and returns its number.
std::uint64_t PutPacked(std::string& out, std::string_view text);
PackedText TakePacked(ByteReader& in, std::uint64_t number);

// Appends the number and then the bytes.
void PutText(std::string& out, std::string_view text);
PackedText TakePackedText(ByteReader& in);

}  // namespace halo
