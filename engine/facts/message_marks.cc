// SPDX-License-Identifier: MIT
#include "engine/facts/message_marks.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/facts/announcement_words.h"
#include "engine/facts/claim_words.h"
#include "engine/facts/correction_words.h"
#include "engine/facts/made_up_words.h"
#include "engine/facts/nothing_found.h"
#include "engine/facts/tool_mentions.h"
#include "engine/text/masked.h"

namespace halo {
namespace {

constexpr std::uint32_t BitOf(MessageMark mark) { return static_cast<std::uint32_t>(mark); }

// What emitters and harnesses write where they cut a text.
bool EndsCut(std::string_view text) {
  const std::string_view end =
      ascii::Trim(text.substr(text.size() - std::min<std::size_t>(text.size(), 40)));
  return end.ends_with("...") || end.ends_with("\xE2\x80\xA6") || end.ends_with("[truncated]") ||
         end.ends_with("<truncated>") || end.ends_with("(truncated)");
}

constexpr std::size_t kHeadBytes = 600;      // where most phrases count
constexpr std::size_t kPurposeBytes = 1000;  // where a prompt says what it is for
constexpr std::size_t kShortBytes = 3000;

// Of the page of an error in place of a result. Other texts use these words too, so most count in
// short ones only.
std::uint32_t MarkOfPage(std::string_view text, const WordFinder& words) {
  if (text.size() <= kShortBytes) {
    if (words.Has(WordList::kStatusPages, kHeadBytes)) return BitOf(MessageMark::kStatusPage);
    if (words.Has(WordList::kLogInPages, kHeadBytes)) return BitOf(MessageMark::kLogInPage);
    if (words.Has(WordList::kBotChecks, kHeadBytes)) return BitOf(MessageMark::kBotCheck);
  }
  return words.Has(WordList::kLongBotChecks, kHeadBytes) ? BitOf(MessageMark::kBotCheck) : 0;
}

std::uint32_t MarksOfAnswer(std::string_view text, WordFinder& words) {
  words.Read(text,
             {WordList::kApologies, WordList::kCannot, WordList::kCallTags, WordList::kClaims,
              WordList::kClaimCues, WordList::kMadeUp, WordList::kMadeUpCues},
             kMadeUpBytes);
  std::uint32_t marks = 0;
  if (!LastAnnouncement(text, words.announcements()).empty()) {
    marks |= BitOf(MessageMark::kAnnounces);
  }
  if (!FindClaim(words).empty()) marks |= BitOf(MessageMark::kClaims);
  if (!FindMadeUp(words).empty()) marks |= BitOf(MessageMark::kMadeUp);
  if (!FindCallTag(text, words).empty()) marks |= BitOf(MessageMark::kCallTag);
  if (words.Has(WordList::kApologies, kHeadBytes)) marks |= BitOf(MessageMark::kApologises);
  if (words.Has(WordList::kCannot, kHeadBytes)) marks |= BitOf(MessageMark::kCannot);
  return marks;
}

std::uint32_t MarksOfResult(std::string_view text, WordFinder& words) {
  words.Read(text,
             {WordList::kStatusPages, WordList::kLogInPages, WordList::kBotChecks,
              WordList::kLongBotChecks, WordList::kNothingFound, WordList::kRejections,
              WordList::kMadeUp, WordList::kMadeUpCues},
             kToldBytes);
  std::uint32_t marks = MarkOfPage(text, words);
  if (SaysNothingFound(text, words)) marks |= BitOf(MessageMark::kFoundNothing);
  if (SpeaksOfMadeUp(words)) marks |= BitOf(MessageMark::kSpeaksOfMadeUp);
  return marks;
}

std::uint32_t MarksOfUser(std::string_view text, WordFinder& words) {
  words.Read(text,
             {WordList::kCorrections, WordList::kRejections, WordList::kPlanPrompts,
              WordList::kSummaryPrompts, WordList::kMadeUp, WordList::kMadeUpCues},
             kToldBytes);
  std::uint32_t marks = 0;
  if (CorrectsAnswer(words)) marks |= BitOf(MessageMark::kCorrects);
  if (SpeaksOfMadeUp(words)) marks |= BitOf(MessageMark::kSpeaksOfMadeUp);
  return marks;
}

std::uint32_t MarksOfWords(MessageRole role, std::string_view text, WordFinder& words) {
  if (role == MessageRole::kAssistant) return MarksOfAnswer(text, words);
  std::uint32_t marks = 0;
  if (role == MessageRole::kTool) {
    marks = MarksOfResult(text, words);
  } else if (role == MessageRole::kUser) {
    marks = MarksOfUser(text, words);
  } else {
    words.Read(text, {WordList::kRejections, WordList::kPlanPrompts, WordList::kSummaryPrompts},
               kPurposeBytes);
  }
  if (words.Has(WordList::kRejections, kHeadBytes)) marks |= BitOf(MessageMark::kRejects);
  if (role == MessageRole::kUser || role == MessageRole::kSystem) {
    if (words.Has(WordList::kPlanPrompts, kPurposeBytes)) marks |= BitOf(MessageMark::kAsksPlan);
    if (words.Has(WordList::kSummaryPrompts, kPurposeBytes)) {
      marks |= BitOf(MessageMark::kAsksSummary);
    }
  }
  return marks;
}

}  // namespace

std::uint32_t MarksOf(MessageRole role, std::string_view text, WordFinder& words) {
  text = ascii::Trim(text);
  if (text.empty()) return BitOf(MessageMark::kBlank);
  std::uint32_t marks = MarksOfWords(role, text, words);
  if (IsMask(text)) marks |= BitOf(MessageMark::kMasked);
  if (EndsCut(text)) marks |= BitOf(MessageMark::kCutText);
  return marks;
}

}  // namespace halo
