// SPDX-License-Identifier: MIT
#include "engine/facts/answer_words.h"

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 600;

// In lower case. Anywhere in the beginning of an answer.
constexpr std::string_view kApologies[] = {
    "i apologize", "i apologise", "my apologies", "apologies for", "i'm sorry",    "i am sorry",
    "sorry about", "sorry for",   "we apologize", "we apologise",  "we are sorry", "my mistake",
};

constexpr std::string_view kCannotWords[] = {
    "i cannot",
    "i can't",
    "i can not",
    "i'm unable",
    "i am unable",
    "i was unable",
    "i could not",
    "i couldn't",
    "i'm not able",
    "i am not able",
    "unable to",
    "it is not possible",
    "it's not possible",
    "we cannot",
    "we can't",
    "we are unable",
    "we're unable",
    "i do not have access",
    "i don't have access",
    "cannot be",
};

bool HoldsAny(std::string_view text, const PhraseSet& phrases) {
  return phrases.OccursIn(FoldedHead(ascii::Trim(text), kHeadBytes));
}

}  // namespace

bool Apologises(std::string_view text) {
  static const PhraseSet apologies(kApologies);
  return HoldsAny(text, apologies);
}

bool SaysCannot(std::string_view text) {
  static const PhraseSet words(kCannotWords);
  return HoldsAny(text, words);
}

}  // namespace halo
