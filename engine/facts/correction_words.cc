// SPDX-License-Identifier: MIT
#include "engine/facts/correction_words.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 240;

// After "no" at the start: what follows says what is right.
constexpr std::string_view kAfterNo[] = {
    "i meant",     "i said",    "i asked",  "i wanted", "i want the", "that's not", "that is not",
    "it's not",    "it is not", "not that", "not the",  "not this",   "you ",       "it should",
    "the correct", "the right", "my ",      "it's the", "it is the",  "wrong",
};

bool IsNoWithReason(std::string_view text) {
  if (!text.starts_with("no") || text.size() < 3 || ascii::IsAlnum(text[2])) return false;
  const std::size_t at = text.find_first_not_of(" ,.;:!-\n", 2);
  if (at == text.npos) return false;
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("you can") || rest.starts_with("you have been") ||
      rest.starts_with("you've been") || rest.starts_with("you don't need")) {
    return false;  // thanks, and leave
  }
  return std::any_of(std::begin(kAfterNo), std::end(kAfterNo),
                     [&](std::string_view words) { return rest.starts_with(words); });
}

}  // namespace

bool CorrectsAnswer(const WordFinder& words) {
  return IsNoWithReason(words.folded().substr(0, kHeadBytes)) ||
         words.Has(WordList::kCorrections, kHeadBytes);
}

}  // namespace halo
