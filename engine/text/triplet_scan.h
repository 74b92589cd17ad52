// SPDX-License-Identifier: MIT
// Finds the positions in a text at which one of a few dozen three-byte strings may begin, at memory
// speed. This is the "Teddy" filter of Hyperscan (Wang et al., NSDI 2019): two table look-ups by
// half-byte for each of the three bytes, for 32 positions at once if the processor has AVX2, which
// saves about 2 core-seconds per GB of shape S.
#pragma once

#include <array>
#include <cstdint>

namespace halo {

// Immutable once built; any thread.
class TripletScan {
 public:
  // Adds the first three bytes of `text`; a `text` of one byte adds all strings that begin with it.
  // With `fold`, lower-case letters also match in upper case. `group` is from 0 to 7: put similar
  // strings in one group; the caller distinguishes the strings of a group.
  constexpr void Add(const char* text, bool fold, int group) {
    const auto bit = static_cast<std::uint8_t>(1U << group);
    if (text[1] == 0) {
      short_groups_ |= bit;
      AddByte(0, text[0], fold, bit);
      for (int c = 0; c < 256; ++c) {
        AddByte(1, static_cast<char>(c), false, bit);
        AddByte(2, static_cast<char>(c), false, bit);
      }
      return;
    }
    for (int i = 0; i < 3; ++i) AddByte(i, text[i], fold, bit);
    const std::uint32_t slot = SlotOf(text[0], text[1], text[2]);
    known_[slot / 64] |= std::uint64_t{1} << slot % 64;
  }

  // The first position in [from, end) where a string may begin, or `end`. Sets `groups` to one bit
  // for each group with a possible match. A match means that each byte occurs at its position in
  // some string of the group, and that the three bytes hash to the slot of a string; other strings
  // rarely pass both tests.
  const char* Next(const char* from, const char* end, unsigned& groups) const;

 private:
  constexpr void AddByte(int index, char c, bool fold, std::uint8_t bit) {
    const auto byte = static_cast<unsigned char>(c);
    bytes_[index][byte] |= bit;
    low_[index][byte & 15] |= bit;
    high_[index][byte >> 4] |= bit;
    if (fold && c >= 'a' && c <= 'z') AddByte(index, static_cast<char>(c - 32), false, bit);
  }

  unsigned GroupsAt(const char* p, const char* end) const {
    const auto byte = [&](int i) { return p + i < end ? p[i] : '\0'; };
    const auto groups_of = [&](int i) { return bytes_[i][static_cast<unsigned char>(byte(i))]; };
    const unsigned groups = groups_of(0) & groups_of(1) & groups_of(2);
    const std::uint32_t slot = SlotOf(byte(0), byte(1), byte(2));
    return (known_[slot / 64] >> slot % 64 & 1) != 0 ? groups : groups & short_groups_;
  }

  // Ignores case.
  static constexpr std::uint32_t SlotOf(char a, char b, char c) {
    const auto byte = [](char each) { return std::uint32_t{static_cast<unsigned char>(each)}; };
    const std::uint32_t key = (byte(a) | byte(b) << 8 | byte(c) << 16) | 0x202020U;
    return key * 0x9e3779b1U >> 22;
  }
  const char* NextWide(const char* from, const char* end, unsigned& groups) const;

  std::array<std::array<std::uint8_t, 256>, 3> bytes_{};
  std::array<std::uint64_t, 16> known_{};  // a bit for each slot with a string
  unsigned short_groups_ = 0;              // groups with a string of one byte
  alignas(16) std::array<std::array<std::uint8_t, 16>, 3> low_{};
  alignas(16) std::array<std::array<std::uint8_t, 16>, 3> high_{};
};

}  // namespace halo
