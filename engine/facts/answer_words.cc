// SPDX-License-Identifier: MIT
#include "engine/facts/answer_words.h"

#include <algorithm>
#include <iterator>
#include <string>

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

template <std::size_t kCount>
bool HoldsAny(std::string_view text, const std::string_view (&phrases)[kCount]) {
  const std::string head = FoldedHead(ascii::Trim(text), kHeadBytes);
  return std::any_of(std::begin(phrases), std::end(phrases),
                     [&](std::string_view phrase) { return HoldsPhrase(head, phrase); });
}

}  // namespace

bool Apologises(std::string_view text) { return HoldsAny(text, kApologies); }
bool SaysCannot(std::string_view text) { return HoldsAny(text, kCannotWords); }

}  // namespace halo
