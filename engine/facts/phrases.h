// SPDX-License-Identifier: MIT
// Finds set phrases at the beginning of a text: one, or all of a list in one pass. A phrase occurs
// where its bytes do and no letter or digit touches them. Pure; any thread.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// The first `bytes` of the text in lower case, with plain apostrophes for typographic ones.
std::string FoldedHead(std::string_view text, std::size_t bytes);

bool HoldsPhrase(std::string_view folded, std::string_view phrase);

// A list of phrases, each folded and at least four bytes long.
class PhraseSet {
 public:
  static constexpr std::size_t kNone = SIZE_MAX;

  // Keeps views of the phrases.
  explicit PhraseSet(std::span<const std::string_view> phrases);

  // The phrase that occurs and has the lowest index in the list; kNone if none does.
  // The time is linear in the text as long as few phrases begin alike.
  std::size_t FindFirst(std::string_view folded) const;
  bool OccursIn(std::string_view folded) const { return FindFirst(folded) != kNone; }

 private:
  struct Entry {
    std::uint32_t key;  // the first four bytes
    std::size_t index;
    std::string_view phrase;
  };
  static std::size_t SlotOf(std::uint32_t key) { return key * 2654435761U >> 20; }

  std::vector<Entry> entries_;      // by key, then by index
  std::bitset<4096> may_be_first_;  // by SlotOf
};

}  // namespace halo
