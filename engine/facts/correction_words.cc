// SPDX-License-Identifier: MIT
#include "engine/facts/correction_words.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 240;

// In lower case. Anywhere in the beginning of a message.
constexpr std::string_view kCorrections[] = {
    "not what i asked",     "not what i meant",
    "not what i wanted",    "not what i said",
    "not what i requested", "not what i need",
    "not what i needed",    "isn't what i asked",
    "isn't what i wanted",  "didn't ask for",
    "did not ask for",      "didn't ask you",
    "did not ask you",      "i already said",
    "i already told",       "i already gave",
    "i already mentioned",  "i already provided",
    "i've already told",    "i've already said",
    "i've already given",   "i've already provided",
    "i have already told",  "i have already said",
    "i have already given", "i have already provided",
    "i just told you",      "as i said before",
    "like i said before",   "as i already said",
    "you misunderstood",    "you misread",
    "you are mistaken",     "you're mistaken",
    "you got it wrong",     "you got that wrong",
    "you made a mistake",   "that's wrong",
    "that is wrong",        "this is wrong",
    "that's incorrect",     "that is incorrect",
    "this is incorrect",    "that's not right",
    "that is not right",    "that's not correct",
    "that is not correct",  "this is not correct",
    "that's not true",      "that is not true",
    "you didn't answer",    "you did not answer",
    "still not working",    "still doesn't work",
    "still wrong",          "you're wrong",
    "you are wrong",
};

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

bool CorrectsAnswer(std::string_view text) {
  const std::string head = FoldedHead(ascii::Trim(text), kHeadBytes);
  if (IsNoWithReason(head)) return true;
  static const PhraseSet corrections(kCorrections);
  return corrections.OccursIn(head);
}

}  // namespace halo
