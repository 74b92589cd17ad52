// SPDX-License-Identifier: MIT
// Finds the set phrases of many lists in one pass over a text.
//
// A phrase occurs where its bytes do in the text in lower case and no letter or digit touches a
// letter or digit of it; a beginning of a word may go on. Letters outside of ASCII keep their case.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/phrase_table.h"
#include "engine/facts/sentences.h"
#include "engine/model/word_lists.h"

namespace halo {

// Holds scratch memory: one object per thread.
class WordFinder {
 public:
  struct Hit {
    WordList list{};
    std::uint32_t offset = 0, end = 0;  // in folded()
  };

  explicit WordFinder(const WordSettings& settings = {});

  // Looks for phrases of these lists in the first `bytes` of the text, which must outlive the use
  // of what is found. Forgets the text before.
  void Read(std::string_view text, std::initializer_list<WordList> lists, std::size_t bytes);

  // The first bytes of the text in lower case, with plain apostrophes.
  std::string_view folded() const { return folded_; }
  // By offset.
  std::span<const Hit> hits() const { return hits_; }
  // A phrase of the list ends within the first `bytes` of folded().
  bool Has(WordList list, std::size_t bytes = SIZE_MAX) const;
  // Where in the text a place in folded() is.
  std::size_t OffsetInText(std::size_t offset) const;

  // The sentences of the text's first `bytes` that hold a phrase of one of two lists, in order:
  // calls visit(sentence, whether it holds one of `told`) until it returns true.
  template <class F>
  void VisitSentences(WordList cues, WordList told, std::size_t bytes, F visit) const {
    const std::string_view text = text_.substr(0, bytes);
    for (std::size_t i = 0; i < hits_.size();) {
      const std::size_t at = OffsetInText(hits_[i].offset);
      if (at >= text.size()) return;
      if (hits_[i].list != cues && hits_[i].list != told) {
        ++i;
        continue;
      }
      const std::string_view sentence = SentenceAround(text, at);
      const auto end = static_cast<std::size_t>(sentence.data() - text.data()) + sentence.size();
      bool is_told = false;
      for (; i < hits_.size() && OffsetInText(hits_[i].offset) <= std::max(end, at); ++i) {
        is_told = is_told || hits_[i].list == told;
      }
      if (visit(ReadSentence(sentence), is_told)) return;
    }
  }

  const SentencePhrases& announcements() const { return announcements_; }

 private:
  PhraseTable table_;  // Entry::value is the list
  SentencePhrases announcements_;
  std::string_view text_;
  std::string folded_;
  std::vector<std::size_t> shortened_;  // offsets in folded_ of what took three bytes in the text
  std::vector<Hit> hits_;
};

}  // namespace halo
