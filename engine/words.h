// SPDX-License-Identifier: MIT
// Interned strings: equal words have equal text, so the analysis compares integers.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace halo {

// An index into a Words; 0 is always the empty string.
using Word = std::uint32_t;

// Not thread-safe while words are added. Views stay valid for the life of the Words.
class Words {
 public:
  Words() { Intern({}); }
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;
  Words(Words&&) = default;
  Words& operator=(Words&&) = default;

  Word Intern(std::string_view text) {
    const auto found = index_.find(text);
    if (found != index_.end()) return found->second;
    const Word word = static_cast<Word>(texts_.size());
    texts_.emplace_back(text);
    index_.emplace(texts_.back(), word);
    return word;
  }

  std::string_view operator[](Word word) const { return texts_[word]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, Word> index_;
};

}  // namespace halo
