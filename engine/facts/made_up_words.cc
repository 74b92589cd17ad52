// SPDX-License-Identifier: MIT
#include "engine/facts/made_up_words.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "engine/base/ascii.h"
#include "engine/facts/sentences.h"
#include "engine/facts/word_stems.h"

namespace halo {
namespace {

constexpr std::size_t kLookedAt = 16384;
constexpr std::size_t kToldBytes = 4096;

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
constexpr std::string_view kAdmits[] = {
    "for demonstration purposes",
    "for the sake of this example",
    "for illustration purposes",
    "for illustrative purposes",
    "not real data",
    "not actual data",
    "not based on real data",
    "i made up",
    "i invented",
    "simulate the data",
    "simulating the data",
    "simulate the response",
    "simulate the results",
    "in place of real data",
    "stand-in for the real",
    "replace with actual",
    "replace with real",
    "replace this with actual",
    "replace these with actual",
    "replace with your actual",
    "in the absence of data",
    "in the absence of actual",
};
constexpr std::string_view kDenials[] = {"not assume",       "don't assume",  "didn't assume",
                                         "without assuming", "never assume",  "cannot assume",
                                         "can't assume",     "not to assume", "no placeholder",
                                         "no dummy",         "no mock"};

constexpr std::string_view kTopics[] = {
    "assum",    "suppose",   "hypothe",      "placeholder", "dummy",
    "mock",     "fictional", "fictitious",   "simulat",     "synthetic",
    "made up",  "made-up",   "invent",       "imagin",      "fake",
    "pretend",  "sample",    "example data", "illustrat",   "for demonstration",
    "estimate", "guess",
};

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

bool IsMadeUp(const Sentence& sentence) {
  constexpr std::size_t kNounWithin = 3, kNumberWithin = 14;
  if (sentence.end == '?' || sentence.HasAny(kDenials)) return false;
  if (sentence.HasAny(kGuesses) &&
      (sentence.HasAny(kData) || sentence.HasAny(kLikeness) ||
       std::any_of(sentence.words.begin(), sentence.words.end(), ascii::IsDigit))) {
    return true;
  }
  return sentence.HasAny(kAdmits) || AnyFollowedBy(sentence, kKinds, kNounWithin, kData) ||
         AnyFollowedBy(sentence, kData, 1, kKinds) ||
         AnyFollowedBy(sentence, kAssumes, kNumberWithin, {});
}

}  // namespace

std::string_view FindMadeUp(std::string_view text) {
  constexpr std::string_view kOthers[] = {"not real",       "not actual",  "not based",
                                          "replace",        "in place of", "stand-in",
                                          "in the absence", "extrapolat"};
  text = text.substr(0, kLookedAt);
  // Most texts hold none of the words, and splitting them is not needed.
  if (!HoldsStem(text, kTopics) && !HoldsStem(text, kOthers)) return {};
  for (const Sentence& sentence : SentencesOf(text)) {
    if (IsMadeUp(sentence)) return sentence.text;
  }
  return {};
}

bool SpeaksOfMadeUp(std::string_view text) {
  return HoldsStem(text.substr(0, kToldBytes), kTopics);
}

}  // namespace halo
