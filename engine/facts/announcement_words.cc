// SPDX-License-Identifier: MIT
#include "engine/facts/announcement_words.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kTailBytes = 480;

// All lists are in lower case.
constexpr std::string_view kOpeners[] = {
    "let me",      "let's",         "let us",     "i'll",           "i will",   "i'm going",
    "i am going",  "i'm about",     "i am about", "we'll",          "we will",  "now i need",
    "next i need", "first i need",  "i now need", "i'm now",        "i am now", "i'm just",
    "i am just",   "i'm currently", "i'm",        "i am currently", "i am",
};

// May stand between the opener and the verb.
constexpr std::string_view kFillers[] = {
    "to",    "now",   "first", "next",        "just",     "also",       "then",  "quickly",
    "go",    "ahead", "and",   "immediately", "start",    "begin",      "by",    "try",
    "right", "away",  "need",  "need to",     "directly", "personally", "again", "proceed",
    "once",  "more",  "have",  "a",           "quick",    "do",         "with",  "the",
};

constexpr std::string_view kVerbs[] = {
    "access",   "add",       "analyse",   "analyze",  "apply",       "ask",      "book",
    "browse",   "calculate", "call",      "cancel",   "check",       "click",    "collect",
    "compare",  "compile",   "compute",   "consult",  "continue",    "count",    "create",
    "delegate", "delete",    "determine", "download", "edit",        "examine",  "execute",
    "explore",  "extract",   "fetch",     "find",     "fix",         "gather",   "get",
    "grab",     "implement", "inspect",   "install",  "investigate", "invoke",   "list",
    "load",     "locate",    "look",      "modify",   "navigate",    "open",     "perform",
    "proceed",  "process",   "pull",      "query",    "read",        "rename",   "request",
    "research", "retrieve",  "review",    "rewrite",  "run",         "scan",     "search",
    "see",      "send",      "submit",    "take",     "test",        "transfer", "update",
    "upload",   "use",       "verify",    "view",     "visit",       "write",    "adjust",
    "archive",  "assign",    "change",    "contact",  "correct",     "enter",    "forward",
    "insert",   "mark",      "move",      "notify",   "publish",     "put",      "record",
    "register", "remove",    "replace",   "reserve",  "save",        "schedule", "set",
    "store",
};

// At the beginning of a sentence, or after "I am (now)".
constexpr std::string_view kDoing[] = {
    "calling",  "checking",   "fetching",  "looking",    "loading",   "opening",    "processing",
    "pulling",  "querying",   "reading",   "retrieving", "running",   "searching",  "transferring",
    "updating", "verifying",  "invoking",  "executing",  "reviewing", "gathering",  "adding",
    "booking",  "cancelling", "canceling", "changing",   "creating",  "moving",     "proceeding",
    "removing", "replacing",  "saving",    "sending",    "setting",   "submitting", "writing",
};

constexpr std::string_view kWaits[] = {
    "one moment",       "just a moment",   "one second",       "please wait",
    "please hold",      "hold on",         "bear with me",     "stand by",
    "give me a moment", "a moment please", "give me a second", "for your patience",
    "be right back",    "this may take",   "this will take",   "this might take",
};

// What follows depends on somebody else, or comes later.
constexpr std::string_view kNotNow[] = {
    "if",
    "once",
    "when you",
    "after you",
    "as soon as",
    "unless",
    "until",
    "whenever",
    "would you",
    "could you",
    "can you",
    "you'd like",
    "you would like",
    "please provide",
    "please confirm",
    "please share",
    "please tell",
    "please let",
    "let me know",
    "let you know",
    "later",
    "tomorrow",
    "in the future",
    "next time",
    "from now on",
    "going forward",
    "happy to",
    "glad to",
    "able to",
    "unable",
    "not",
    "won't",
    "can't",
    "cannot",
    "don't",
    "never",
    "for you to",
    "see you",
    "keep in mind",
    "take care",
    "your confirmation",
    "with your",
    "you provide",
    "you need",
    "you can",
    "otherwise",
    "looking forward",
    "make sure",
    "why",
    "because you",
};

// The user has to do something first.
constexpr std::string_view kRequests[] = {
    "please confirm", "please provide", "please share", "please tell",
    "please let",     "please reply",   "please send",  "please choose",
    "please select",  "could you",      "can you",      "let me know",
};

bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The words of the sentence from `at` on, at most `most`.
std::vector<std::string_view> WordsFrom(std::string_view words, std::size_t at, std::size_t most) {
  std::vector<std::string_view> out;
  while (out.size() < most) {
    at = words.find_first_not_of(' ', at);
    if (at == words.npos) break;
    const std::size_t end = words.find(' ', at);
    out.push_back(words.substr(at, end - at));
    at = end;
  }
  return out;
}

// Whether a verb of doing follows, behind fillers only.
bool ActsFrom(std::string_view words, std::size_t at, bool only_doing) {
  constexpr std::size_t kFarthest = 6;
  for (const std::string_view word : WordsFrom(words, at, kFarthest)) {
    if (IsOneOf(word, kDoing)) return true;
    if (!only_doing && IsOneOf(word, kVerbs)) return true;
    if (!IsOneOf(word, kFillers)) return false;
  }
  return false;
}

// "Checking the stock now", "Will now check the stock", but not "Checking the stock is useful".
bool BeginsToAct(std::string_view words) {
  constexpr std::size_t kShort = 10;
  const std::vector<std::string_view> first = WordsFrom(words, 0, kShort + 1);
  if (first.empty() || first.size() > kShort) return false;
  for (const std::string_view word : first) {
    if (ascii::IsOneOf(word,
                       {"is", "are", "was", "were", "will", "can", "has", "helps", "requires"})) {
      if (word != first[0]) return false;
    }
  }
  for (const std::string_view opener : {" will now ", " going to ", " about to ", " next step "}) {
    if (words.starts_with(opener)) return ActsFrom(words, opener.size() - 1, false);
  }
  return ActsFrom(words, 0, true);
}

bool IsBeing(std::string_view opener) {
  return opener == "i'm" || opener == "i am" || opener.ends_with("now") ||
         opener.ends_with("just") || opener.ends_with("currently");
}

bool IsWait(const Sentence& sentence) {
  static const SentencePhrases waits(kWaits);
  return waits.OccurIn(sentence);
}

bool DependsOnOthers(const Sentence& sentence) {
  static const SentencePhrases not_now(kNotNow);
  return not_now.OccurIn(sentence);
}

bool AnnouncesInEnglish(std::string_view words) {
  for (const std::string_view opener : kOpeners) {
    const std::size_t at = words.find(opener);
    if (at == words.npos || at == 0 || words[at - 1] != ' ') continue;
    const std::size_t end = at + opener.size();
    if (words[end] == ' ' && ActsFrom(words, end, IsBeing(opener))) return true;
  }
  return BeginsToAct(words);
}

}  // namespace

bool IsAnnouncement(const Sentence& sentence, const SentencePhrases& others) {
  return sentence.end != '?' && (AnnouncesInEnglish(sentence.words) || others.OccurIn(sentence)) &&
         !DependsOnOthers(sentence);
}

std::string_view LastAnnouncement(std::string_view text, const SentencePhrases& others) {
  constexpr int kBefore = 2;
  static const SentencePhrases requests(kRequests);
  const std::vector<Sentence> sentences = LastSentencesOf(text, kTailBytes, kBefore + 2);
  auto at = sentences.rbegin();
  if (at != sentences.rend() && IsWait(*at) && !IsAnnouncement(*at, others) && at->end != '?') ++at;
  if (at == sentences.rend() || !IsAnnouncement(*at, others)) return {};
  // What follows on a request to the user waits for the user.
  const std::string_view announcement = at->text;
  for (int n = 0; n < kBefore && ++at != sentences.rend(); ++n) {
    if (at->end == '?' || requests.OccurIn(*at)) return {};
  }
  return announcement;
}

}  // namespace halo
