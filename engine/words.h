// SPDX-License-Identifier: MIT
// Interned strings: equal words have equal text, so the analysis compares integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/same_text.h"

namespace halo {

// An index into a Words; 0 is always the empty string.
using Word = std::uint32_t;

// Not thread-safe while words are added. Views stay valid for the life of the Words.
class Words {
 public:
  Words();
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  Words(Words&&) = default;
  Words& operator=(Words&&) = default;

  Word Intern(std::string_view text);
  // The same, quicker where the text is that of `guess`, which may be any number.
  Word Intern(std::string_view text, Word guess) {
    return guess < texts_.size() && SameText(texts_[guess], text) ? guess : Intern(text);
  }
  std::optional<Word> Find(std::string_view text) const;

  std::string_view operator[](Word word) const { return texts_[word]; }
  std::size_t size() const { return texts_.size(); }

 private:
  // The slot that holds the text, or the free one where it belongs.
  std::size_t SlotOf(std::string_view text, std::uint32_t hash) const;
  void Grow();
  std::string_view Keep(std::string_view text);

  std::vector<std::string_view> texts_;
  std::vector<std::uint32_t> hashes_;  // by word
  std::vector<Word> slots_;            // open addressing, linear; 0: free
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t free_ = 0;  // bytes left before block_end_, the end of the last block
  char* block_end_ = nullptr;
};

}  // namespace halo
