// SPDX-License-Identifier: MIT
#include "engine/facts/page_words.h"

#include <span>
#include <string>
#include <vector>

#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 600;
constexpr std::size_t kShortBytes = 3000;

struct Phrase {
  std::string_view words;  // in lower case
  PageKind kind;
};

// In texts of any length.
constexpr Phrase kTelling[] = {
    {"enable javascript", PageKind::kBotCheck},
    {"javascript is disabled", PageKind::kBotCheck},
    {"javascript is not available", PageKind::kBotCheck},
    {"checking your browser", PageKind::kBotCheck},
    {"checking if the site connection is secure", PageKind::kBotCheck},
    {"verify you are human", PageKind::kBotCheck},
    {"verify that you are human", PageKind::kBotCheck},
    {"verifying you are human", PageKind::kBotCheck},
    {"verify you are not a robot", PageKind::kBotCheck},
    {"confirm you are human", PageKind::kBotCheck},
    {"access to this page has been denied", PageKind::kBotCheck},
};

// In short texts, since others use these words too.
constexpr Phrase kInShort[] = {
    {"400 bad request", PageKind::kStatus},
    {"401 unauthorized", PageKind::kStatus},
    {"403 forbidden", PageKind::kStatus},
    {"404 not found", PageKind::kStatus},
    {"404 page not found", PageKind::kStatus},
    {"page not found", PageKind::kStatus},
    {"410 gone", PageKind::kStatus},
    {"429 too many requests", PageKind::kStatus},
    {"500 internal server error", PageKind::kStatus},
    {"502 bad gateway", PageKind::kStatus},
    {"503 service unavailable", PageKind::kStatus},
    {"503 service temporarily unavailable", PageKind::kStatus},
    {"504 gateway time-out", PageKind::kStatus},
    {"504 gateway timeout", PageKind::kStatus},
    {"this page isn't working", PageKind::kStatus},
    {"this site can't be reached", PageKind::kStatus},
    {"sign in to continue", PageKind::kLogIn},
    {"log in to continue", PageKind::kLogIn},
    {"login to continue", PageKind::kLogIn},
    {"please log in", PageKind::kLogIn},
    {"please login", PageKind::kLogIn},
    {"please sign in", PageKind::kLogIn},
    {"you must be logged in", PageKind::kLogIn},
    {"you need to be logged in", PageKind::kLogIn},
    {"you need to log in", PageKind::kLogIn},
    {"you need to sign in", PageKind::kLogIn},
    {"your session has expired", PageKind::kLogIn},
    {"session expired", PageKind::kLogIn},
    {"forgot your password", PageKind::kLogIn},
    {"forgot password?", PageKind::kLogIn},
    {"<title>login", PageKind::kLogIn},
    {"<title>log in", PageKind::kLogIn},
    {"<title>sign in", PageKind::kLogIn},
    {"type=\"password\"", PageKind::kLogIn},
    {"continue with google", PageKind::kLogIn},
    {"sign in with google", PageKind::kLogIn},
    {"log in with google", PageKind::kLogIn},
    {"before you continue", PageKind::kLogIn},
    {"javascript is required", PageKind::kBotCheck},
    {"requires javascript", PageKind::kBotCheck},
    {"are you a robot", PageKind::kBotCheck},
    {"not a robot", PageKind::kBotCheck},
    {"unusual traffic", PageKind::kBotCheck},
    {"complete the captcha", PageKind::kBotCheck},
    {"solve the captcha", PageKind::kBotCheck},
    {"you have been blocked", PageKind::kBotCheck},
    {"your request has been blocked", PageKind::kBotCheck},
};

std::vector<std::string_view> WordsOf(std::span<const Phrase> phrases) {
  std::vector<std::string_view> words;
  words.reserve(phrases.size());
  for (const Phrase& phrase : phrases) words.push_back(phrase.words);
  return words;
}

}  // namespace

PageKind FindErrorPage(std::string_view text) {
  static const PhraseSet telling(WordsOf(kTelling)), in_short(WordsOf(kInShort));
  const std::string head = FoldedHead(text, kHeadBytes);
  if (text.size() <= kShortBytes) {
    const std::size_t found = in_short.FindFirst(head);
    if (found != PhraseSet::kNone) return kInShort[found].kind;
  }
  const std::size_t found = telling.FindFirst(head);
  return found == PhraseSet::kNone ? PageKind::kNone : kTelling[found].kind;
}

}  // namespace halo
