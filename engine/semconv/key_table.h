// SPDX-License-Identifier: MIT
// Finds what the conventions say of an attribute key: one probe a key, as every attribute of every
// span passes here. Immutable; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/semconv/convention.h"

namespace halo {

// One line of a convention's tables.
struct KeyUse {
  Field field = Field::kCount;  // kCount: a part of a flattened list
  FlatList list = FlatList::kMessagesIn;
  FlatPart part = FlatPart::kRole;
  std::uint16_t rank = 0;  // lower is more trusted
  std::uint8_t convention = 0;
};

class KeyTable {
 public:
  explicit KeyTable(std::span<const Convention* const> conventions);

  // Empty for an unknown key. '#' stands for the indexes of flattened keys.
  std::span<const KeyUse> Find(std::string_view key) const;

 private:
  struct Entry {
    std::string_view key;  // empty: free
    std::uint16_t first = 0;
    std::uint16_t count = 0;
  };
  std::vector<Entry> entries_;  // open addressing, a power of two
  std::vector<KeyUse> uses_;
};

// A key with its numeric parts taken out: "a.7.b.0" is "a.#.b.#" with 7 and 0. Fails for keys
// without such a part, with more than two, or with an index above kMaxFlatIndex.
inline constexpr std::uint32_t kMaxFlatIndex = 99'999;
class FlatKey {
 public:
  explicit FlatKey(std::string_view key);

  std::string_view pattern() const { return {buffer_, size_}; }  // empty: failed
  std::uint32_t outer() const { return index_[0]; }
  std::uint32_t inner() const { return index_[1]; }

 private:
  char buffer_[96];
  std::size_t size_ = 0;
  std::uint32_t index_[2] = {0, 0};
};

}  // namespace halo
