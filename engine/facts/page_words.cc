// SPDX-License-Identifier: MIT
#include "engine/facts/page_words.h"

#include <string>

#include "engine/facts/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 600;
constexpr std::size_t kShortBytes = 3000;

struct Phrase {
  std::string_view words;  // in lower case
  PageKind kind;
  bool only_short;  // other texts use these words too
};

constexpr Phrase kPhrases[] = {
    {"400 bad request", PageKind::kStatus, true},
    {"401 unauthorized", PageKind::kStatus, true},
    {"403 forbidden", PageKind::kStatus, true},
    {"404 not found", PageKind::kStatus, true},
    {"404 page not found", PageKind::kStatus, true},
    {"page not found", PageKind::kStatus, true},
    {"410 gone", PageKind::kStatus, true},
    {"429 too many requests", PageKind::kStatus, true},
    {"500 internal server error", PageKind::kStatus, true},
    {"502 bad gateway", PageKind::kStatus, true},
    {"503 service unavailable", PageKind::kStatus, true},
    {"503 service temporarily unavailable", PageKind::kStatus, true},
    {"504 gateway time-out", PageKind::kStatus, true},
    {"504 gateway timeout", PageKind::kStatus, true},
    {"this page isn't working", PageKind::kStatus, true},
    {"this site can't be reached", PageKind::kStatus, true},
    {"sign in to continue", PageKind::kLogIn, true},
    {"log in to continue", PageKind::kLogIn, true},
    {"login to continue", PageKind::kLogIn, true},
    {"please log in", PageKind::kLogIn, true},
    {"please login", PageKind::kLogIn, true},
    {"please sign in", PageKind::kLogIn, true},
    {"you must be logged in", PageKind::kLogIn, true},
    {"you need to be logged in", PageKind::kLogIn, true},
    {"you need to log in", PageKind::kLogIn, true},
    {"you need to sign in", PageKind::kLogIn, true},
    {"your session has expired", PageKind::kLogIn, true},
    {"session expired", PageKind::kLogIn, true},
    {"forgot your password", PageKind::kLogIn, true},
    {"forgot password?", PageKind::kLogIn, true},
    {"<title>login", PageKind::kLogIn, true},
    {"<title>log in", PageKind::kLogIn, true},
    {"<title>sign in", PageKind::kLogIn, true},
    {"type=\"password\"", PageKind::kLogIn, true},
    {"continue with google", PageKind::kLogIn, true},
    {"sign in with google", PageKind::kLogIn, true},
    {"log in with google", PageKind::kLogIn, true},
    {"before you continue", PageKind::kLogIn, true},
    {"enable javascript", PageKind::kBotCheck, false},
    {"javascript is disabled", PageKind::kBotCheck, false},
    {"javascript is not available", PageKind::kBotCheck, false},
    {"javascript is required", PageKind::kBotCheck, true},
    {"requires javascript", PageKind::kBotCheck, true},
    {"checking your browser", PageKind::kBotCheck, false},
    {"checking if the site connection is secure", PageKind::kBotCheck, false},
    {"verify you are human", PageKind::kBotCheck, false},
    {"verify that you are human", PageKind::kBotCheck, false},
    {"verifying you are human", PageKind::kBotCheck, false},
    {"verify you are not a robot", PageKind::kBotCheck, false},
    {"confirm you are human", PageKind::kBotCheck, false},
    {"are you a robot", PageKind::kBotCheck, true},
    {"not a robot", PageKind::kBotCheck, true},
    {"unusual traffic", PageKind::kBotCheck, true},
    {"complete the captcha", PageKind::kBotCheck, true},
    {"solve the captcha", PageKind::kBotCheck, true},
    {"you have been blocked", PageKind::kBotCheck, true},
    {"your request has been blocked", PageKind::kBotCheck, true},
    {"access to this page has been denied", PageKind::kBotCheck, false},
};

}  // namespace

PageKind FindErrorPage(std::string_view text) {
  const std::string head = FoldedHead(text, kHeadBytes);
  for (const Phrase& phrase : kPhrases) {
    if (phrase.only_short && text.size() > kShortBytes) continue;
    if (HoldsPhrase(head, phrase.words)) return phrase.kind;
  }
  return PageKind::kNone;
}

}  // namespace halo
