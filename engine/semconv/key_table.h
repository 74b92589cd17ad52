// SPDX-License-Identifier: MIT
// Finds the rules of all conventions for an attribute key. Every attribute of every span is looked
// up here, so a key usually takes one probe of a hash table. Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/semconv/convention.h"

namespace halo {

// One line of a convention's tables.
struct KeyUse {
  enum class What : std::uint8_t { kField, kFlatPart, kPresence };

  What what = What::kField;
  std::uint8_t convention = 0;
  std::uint16_t rank = 0;  // lower is more trusted
  // For kField.
  Field field = Field::kCount;
  bool text_only = false;
  double scale = 1;
  // For kFlatPart.
  FlatList list = FlatList::kMessagesIn;
  FlatPart part = FlatPart::kRole;
  // For kPresence.
  Kind kind = Kind::kSpan;
};

// A prefix and its rank among all prefixes; lower is more trusted.
struct PrefixUse {
  PrefixRule rule;
  std::uint16_t rank = 0;
};

class KeyTable {
 public:
  explicit KeyTable(std::span<const Convention* const> conventions);

  // Empty for an unknown key. '#' represents the indexes of flattened keys.
  std::span<const KeyUse> Find(std::string_view key) const;

  // Calls use(PrefixUse) for each prefix that the key begins with.
  template <class Use>
  void ForEachPrefix(std::string_view key, Use&& use) const {
    // Most keys begin with a byte that no prefix begins with.
    if (key.empty() || !begins_prefix_[static_cast<unsigned char>(key.front())]) return;
    for (const PrefixUse& prefix : prefixes_) {
      if (key.starts_with(prefix.rule.prefix)) use(prefix);
    }
  }

 private:
  struct Entry {
    std::string_view key;  // empty: free
    std::uint16_t first = 0;
    std::uint16_t count = 0;
  };
  std::vector<Entry> entries_;  // open addressing, a power of two
  std::vector<KeyUse> uses_;
  std::vector<PrefixUse> prefixes_;
  std::array<bool, 256> begins_prefix_{};
};

// A key split into its pattern and its indexes: "a.7.b.0" is "a.#.b.#" with 7 and 0. Fails for keys
// without an index, with more than two, or with an index above kMaxFlatIndex.
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
