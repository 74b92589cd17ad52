// SPDX-License-Identifier: MIT
// Phrases by their first four bytes: finds which of many a text continues with, in about the time
// of one look-up. Building is not thread-safe; visiting is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/word_lists.h"

namespace halo {

class PhraseTable {
 public:
  static constexpr std::size_t kKeyBytes = kLeastPhraseBytes;

  struct Entry {
    std::string phrase;
    std::uint32_t value = 0;
  };

  // Each phrase has at least kKeyBytes bytes. In a slot, entries keep the order of the list.
  explicit PhraseTable(std::vector<Entry> entries = {}) {
    std::array<std::uint16_t, kSlots> counts{};
    for (const Entry& entry : entries) {
      ++counts[SlotOf(KeyAt(entry.phrase.data()))];
      may_begin_[static_cast<unsigned char>(entry.phrase[0])] = true;
    }
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      ends_[slot] = begin(slot) + counts[slot];
    }
    entries_.resize(entries.size());
    keys_.resize(entries.size());
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      const std::uint32_t key = KeyAt(entry->phrase.data());
      const std::size_t slot = SlotOf(key);
      const std::size_t at = begin(slot) + --counts[slot];
      entries_[at] = std::move(*entry);
      keys_[at] = key;
    }
  }

  // Calls found(entry) for each phrase that `rest` begins with.
  template <class F>
  void Visit(std::string_view rest, F found) const {
    if (rest.size() < kKeyBytes || !may_begin_[static_cast<unsigned char>(rest[0])]) return;
    const std::uint32_t key = KeyAt(rest.data());
    const std::size_t slot = SlotOf(key);
    for (std::size_t i = begin(slot); i < ends_[slot]; ++i) {
      if (keys_[i] == key && rest.starts_with(entries_[i].phrase)) found(entries_[i]);
    }
  }

 private:
  static constexpr std::size_t kSlots = 4096;

  static std::uint32_t KeyAt(const char* bytes) {
    std::uint32_t key = 0;
    std::memcpy(&key, bytes, kKeyBytes);
    return key;
  }
  static std::size_t SlotOf(std::uint32_t key) { return key * 2654435761U >> 20; }
  std::size_t begin(std::size_t slot) const { return slot == 0 ? 0 : ends_[slot - 1]; }

  std::vector<Entry> entries_;       // by slot
  std::vector<std::uint32_t> keys_;  // the first bytes of each
  std::array<std::uint32_t, kSlots> ends_{};
  std::array<bool, 256> may_begin_{};
};

}  // namespace halo
