// SPDX-License-Identifier: MIT
// Splits a text of a model into sentences, for rules that read what it says. Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/phrase_table.h"

namespace halo {

struct Sentence {
  std::string_view text;  // as written, with the sign that ends it
  // In lower case, with plain apostrophes and single spaces between the words, before the first and
  // after the last one; other signs are dropped, except within a word ("get_order", "3.5").
  std::string words;
  char end = '\0';  // the sign that ends it: . ! ? or a colon; 0 if none does

  // The phrase, which is folded, occurs as whole words.
  bool Has(std::string_view phrase) const;
};

// Phrases, each folded and at least two bytes long, that are looked for together.
class SentencePhrases {
 public:
  explicit SentencePhrases(std::span<const std::string_view> phrases);
  explicit SentencePhrases(const std::vector<std::string>& phrases);

  // One of them occurs as whole words.
  bool OccurIn(const Sentence& sentence) const;

 private:
  PhraseTable table_;  // with a space before and after each
};

// A sentence ends at . ! ? or a colon before white space, and at a line feed. Sentences without
// words are left out.
std::vector<Sentence> SentencesOf(std::string_view text);

// The last sentences of a text, at most `most`, of its last `bytes`; the first one may lack its
// beginning.
std::vector<Sentence> LastSentencesOf(std::string_view text, std::size_t bytes, std::size_t most);

// The sentence in which the byte at `offset` is, as it is written. It may have no words.
std::string_view SentenceAround(std::string_view text, std::size_t offset);
Sentence ReadSentence(std::string_view text);

}  // namespace halo
