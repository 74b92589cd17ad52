// SPDX-License-Identifier: MIT
#include "engine/facts/claim_words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

namespace halo {
namespace {

// All lists are in lower case. After "I" or "we", with or without "have" and an adverb.
constexpr std::string_view kActs[] = {
    "checked",        "double-checked", "verified",     "searched",      "looked up",
    "looked into",    "looked at",      "looked it",    "looked this",   "looked that",
    "looked through", "reviewed",       "confirmed",    "consulted",     "queried",
    "pulled up",      "retrieved",      "accessed",     "examined",      "inspected",
    "researched",     "browsed",        "fetched",      "cross-checked", "tested",
    "read through",   "went through",   "gone through", "had a look",    "taken a look",
    "took a look",    "compared",
};

constexpr std::string_view kSubjects[] = {
    "i",           "i've",     "i have",         "i just",       "i've just",
    "i have just", "i also",   "i've also",      "i have also",  "we",
    "we've",       "we have",  "i have already", "i've already", "i already",
    "i have now",  "i've now", "i carefully",
};

// "According to our stock records", "in our system": a place that the agent would have to look at.
constexpr std::string_view kPlaces[] = {
    "records",   "record",  "system",        "systems",  "database", "files",  "data",  "inventory",
    "catalogue", "catalog", "documentation", "register", "logs",     "search", "lookup"};
constexpr std::string_view kToPlaces[] = {"according to our", "according to the", "according to my",
                                          "per our",          "from our",         "in our",
                                          "based on our",     "based on my"};

constexpr std::string_view kDenials[] = {
    "if",        "unless", "haven't", "have not", "hasn't",   "didn't",   "did not", "couldn't",
    "cannot",    "can't",  "can not", "unable",   "not able", "once",     "i'll",    "i will",
    "will have", "let's",  "let me",  "let us",   "please",   "you said", "should",  "would",
};

// "After checking", "upon review".
constexpr std::string_view kAfters[] = {"after", "upon", "having"};
constexpr std::string_view kDoing[] = {"checking",    "reviewing", "verifying",  "searching",
                                       "looking",     "examining", "consulting", "inspecting",
                                       "researching", "checked",   "reviewed",   "verified",
                                       "searched",    "looked",    "review",     "examined"};

bool ComesAfterDoing(const Sentence& sentence) {
  return std::any_of(std::begin(kAfters), std::end(kAfters), [&](std::string_view after) {
    if (!sentence.Has(after)) return false;
    std::string_view rest = std::string_view(sentence.words);
    rest.remove_prefix(rest.find(" " + std::string(after) + " ") + after.size() + 2);
    const std::string_view word = rest.substr(0, rest.find(' '));
    return std::find(std::begin(kDoing), std::end(kDoing), word) != std::end(kDoing);
  });
}

bool NamesPlace(const Sentence& sentence) {
  constexpr std::size_t kWithin = 3;
  return std::any_of(std::begin(kToPlaces), std::end(kToPlaces), [&](std::string_view to) {
    if (!sentence.Has(to)) return false;
    std::string_view rest = std::string_view(sentence.words);
    rest.remove_prefix(rest.find(to) + to.size());
    for (std::size_t n = 0; n < kWithin && rest.size() > 1; ++n) {
      rest.remove_prefix(1);
      const std::size_t end = rest.find(' ');
      if (std::find(std::begin(kPlaces), std::end(kPlaces), rest.substr(0, end)) !=
          std::end(kPlaces)) {
        return true;
      }
      rest.remove_prefix(std::min(end, rest.size()));
    }
    return false;
  });
}

// `names_source`: it holds a phrase of WordList::kClaims.
bool Claims(const Sentence& sentence, bool names_source) {
  static const SentencePhrases denials(kDenials);
  if (sentence.end == '?' || denials.OccurIn(sentence)) return false;
  if (names_source || NamesPlace(sentence) || ComesAfterDoing(sentence)) return true;
  return std::any_of(std::begin(kActs), std::end(kActs), [&](std::string_view act) {
    const std::size_t at = sentence.words.find(act);
    if (at == sentence.words.npos || at < 2 || sentence.words[at - 1] != ' ') return false;
    const char after = sentence.words[at + act.size()];
    const std::string_view before = std::string_view(sentence.words).substr(0, at - 1);
    return after == ' ' &&
           std::any_of(std::begin(kSubjects), std::end(kSubjects), [&](std::string_view subject) {
             return before.ends_with(subject) && before[before.size() - subject.size() - 1] == ' ';
           });
  });
}

}  // namespace

std::string_view FindClaim(const WordFinder& words) {
  std::string_view claim;
  words.VisitSentences(WordList::kClaimCues, WordList::kClaims, kClaimBytes,
                       [&](const Sentence& sentence, bool names_source) {
                         if (Claims(sentence, names_source)) claim = sentence.text;
                         return !claim.empty();
                       });
  return claim;
}

}  // namespace halo
