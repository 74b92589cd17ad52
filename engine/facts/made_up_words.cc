// SPDX-License-Identifier: MIT
#include "engine/facts/made_up_words.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "engine/base/ascii.h"

namespace halo {
namespace {

// All lists are in lower case. The data have this property.
constexpr std::string_view kKinds[] = {
    "assumed",      "dummy",        "fabricated",  "fake",      "fictional", "fictitious",
    "hypothetical", "illustrative", "imaginary",   "invented",  "made-up",   "made up",
    "mock",         "mocked",       "placeholder", "simulated", "synthetic", "guessed",
};
constexpr std::string_view kData[] = {
    "data",   "dataset", "value",  "values",  "figure",   "figures",   "number",   "numbers",
    "price",  "prices",  "result", "results", "response", "responses", "rate",     "rates",
    "amount", "amounts", "count",  "counts",  "record",   "records",   "entries",  "statistics",
    "sales",  "share",   "total",  "totals",  "revenue",  "distances", "distance",
};

// The speaker assumes; a number must follow.
constexpr std::string_view kAssumes[] = {
    "i assumed",     "i've assumed", "i have assumed", "i assume", "i'll assume",
    "i will assume", "let's assume", "let us assume",  "assuming", "assume",
    "we assume",     "we assumed",   "we'll assume",   "suppose",  "i'm assuming",
    "i am assuming", "i guessed",    "i took",
};
// Beside a number, or a word for data or for likeness, anywhere in the sentence.
constexpr std::string_view kGuesses[] = {
    "i assumed",           "i've assumed",      "i have assumed",   "i'm assuming",
    "i am assuming",       "is an assumption",  "are assumptions",  "on the assumption",
    "my assumption",       "is assumed",        "are assumed",      "was assumed",
    "were assumed",        "is a guess",        "best guess",       "educated guess",
    "rough guess",         "my guess",          "rough estimate",   "my estimate",
    "i estimated",         "i have estimated",  "i've estimated",   "i extrapolated",
    "i have extrapolated", "i've extrapolated", "as a placeholder",
};
constexpr std::string_view kLikeness[] = {"same", "similar", "average", "typical", "usual"};
constexpr std::string_view kDenials[] = {"not assume",       "don't assume",  "didn't assume",
                                         "without assuming", "never assume",  "cannot assume",
                                         "can't assume",     "not to assume", "no placeholder",
                                         "no dummy",         "no mock"};

// Whether one of the first words after `at` is one of `words`, or holds a digit for no words.
bool Follows(std::string_view text, std::size_t at, std::size_t most,
             std::span<const std::string_view> words) {
  for (std::size_t n = 0; n < most; ++n) {
    at = text.find_first_not_of(' ', at);
    if (at == text.npos) return false;
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end;
    if (words.empty() ? std::any_of(word.begin(), word.end(), ascii::IsDigit)
                      : std::find(words.begin(), words.end(), word) != words.end()) {
      return true;
    }
  }
  return false;
}

bool AnyFollowedBy(const Sentence& sentence, std::span<const std::string_view> heads,
                   std::size_t most, std::span<const std::string_view> words) {
  return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) {
    if (!sentence.Has(head)) return false;
    const std::size_t at = sentence.words.find(head) + head.size();
    return sentence.words[at] == ' ' && Follows(sentence.words, at, most, words);
  });
}

// `is_admitted`: it holds a phrase of WordList::kMadeUp.
bool IsMadeUp(const Sentence& sentence, bool is_admitted) {
  static const SentencePhrases denials(kDenials), guesses(kGuesses), data(kData),
      likeness(kLikeness);
  constexpr std::size_t kNounWithin = 3, kNumberWithin = 14;
  if (sentence.end == '?' || denials.OccurIn(sentence)) return false;
  if (guesses.OccurIn(sentence) &&
      (data.OccurIn(sentence) || likeness.OccurIn(sentence) ||
       std::any_of(sentence.words.begin(), sentence.words.end(), ascii::IsDigit))) {
    return true;
  }
  return is_admitted || AnyFollowedBy(sentence, kKinds, kNounWithin, kData) ||
         AnyFollowedBy(sentence, kData, 1, kKinds) ||
         AnyFollowedBy(sentence, kAssumes, kNumberWithin, {});
}

}  // namespace

std::string_view FindMadeUp(const WordFinder& words) {
  std::string_view found;
  words.VisitSentences(WordList::kMadeUpCues, WordList::kMadeUp, kMadeUpBytes,
                       [&](const Sentence& sentence, bool is_admitted) {
                         if (IsMadeUp(sentence, is_admitted)) found = sentence.text;
                         return !found.empty();
                       });
  return found;
}

std::string_view FindMadeUp(std::string_view text, WordFinder& words) {
  words.Read(text, {WordList::kMadeUpCues, WordList::kMadeUp}, kMadeUpBytes);
  return FindMadeUp(words);
}

bool SpeaksOfMadeUp(const WordFinder& words) {
  return words.Has(WordList::kMadeUpCues, kToldBytes) || words.Has(WordList::kMadeUp, kToldBytes);
}

}  // namespace halo
