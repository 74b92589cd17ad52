// SPDX-License-Identifier: MIT
// Splits a text of a model into sentences, for rules that read what it says. Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

struct Sentence {
  std::string_view text;  // as written, with the sign that ends it
  // In lower case, with plain apostrophes and single spaces between the words, before the first and
  // after the last one; other signs are dropped, except within a word ("get_order", "3.5").
  std::string words;
  char end = '\0';  // the sign that ends it: . ! ? or a colon; 0 if none does

  // The phrase, which is folded, occurs as whole words.
  bool Has(std::string_view phrase) const;
  bool HasAny(std::span<const std::string_view> phrases) const;
  bool HasAny(std::initializer_list<std::string_view> phrases) const;
};

// A sentence ends at . ! ? or a colon before white space, and at a line feed. Sentences without
// words are left out.
std::vector<Sentence> SentencesOf(std::string_view text);

// The sentences of the last `bytes` of a text; the first one may lack its beginning.
std::vector<Sentence> LastSentencesOf(std::string_view text, std::size_t bytes);

}  // namespace halo
