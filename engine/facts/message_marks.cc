// SPDX-License-Identifier: MIT
#include "engine/facts/message_marks.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/facts/announcement_words.h"
#include "engine/facts/answer_words.h"
#include "engine/facts/claim_words.h"
#include "engine/facts/correction_words.h"
#include "engine/facts/made_up_words.h"
#include "engine/facts/nothing_found.h"
#include "engine/facts/page_words.h"
#include "engine/facts/purpose_words.h"
#include "engine/facts/rejection_words.h"
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

std::uint32_t MarkOf(PageKind kind) {
  switch (kind) {
    case PageKind::kStatus:
      return BitOf(MessageMark::kStatusPage);
    case PageKind::kLogIn:
      return BitOf(MessageMark::kLogInPage);
    case PageKind::kBotCheck:
      return BitOf(MessageMark::kBotCheck);
    case PageKind::kNone:
      break;
  }
  return 0;
}

std::uint32_t MarksOfAnswer(std::string_view text) {
  std::uint32_t marks = 0;
  if (!LastAnnouncement(text).empty()) marks |= BitOf(MessageMark::kAnnounces);
  if (!FindClaim(text).empty()) marks |= BitOf(MessageMark::kClaims);
  if (!FindMadeUp(text).empty()) marks |= BitOf(MessageMark::kMadeUp);
  if (!FindCallTag(text).empty()) marks |= BitOf(MessageMark::kCallTag);
  if (Apologises(text)) marks |= BitOf(MessageMark::kApologises);
  if (SaysCannot(text)) marks |= BitOf(MessageMark::kCannot);
  return marks;
}

std::uint32_t MarksOfTold(MessageRole role, std::string_view text) {
  std::uint32_t marks = 0;
  if (RejectsOutput(text)) marks |= BitOf(MessageMark::kRejects);
  const bool may_ask = role == MessageRole::kUser || role == MessageRole::kTool;
  if (role == MessageRole::kUser || role == MessageRole::kSystem) {
    if (AsksForPlan(text)) marks |= BitOf(MessageMark::kAsksPlan);
    if (AsksForSummary(text)) marks |= BitOf(MessageMark::kAsksSummary);
  }
  if (may_ask && SpeaksOfMadeUp(text)) marks |= BitOf(MessageMark::kSpeaksOfMadeUp);
  return marks;
}

}  // namespace

std::uint32_t MarksOf(MessageRole role, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), ascii::IsSpace)) return BitOf(MessageMark::kBlank);
  std::uint32_t marks = 0;
  if (IsMask(text)) marks |= BitOf(MessageMark::kMasked);
  if (EndsCut(text)) marks |= BitOf(MessageMark::kCutText);
  if (role == MessageRole::kTool) marks |= MarkOf(FindErrorPage(text));
  if (role == MessageRole::kTool && SaysNothingFound(text)) {
    marks |= BitOf(MessageMark::kFoundNothing);
  }
  if (role == MessageRole::kUser && CorrectsAnswer(text)) marks |= BitOf(MessageMark::kCorrects);
  return marks | (role == MessageRole::kAssistant ? MarksOfAnswer(text) : MarksOfTold(role, text));
}

}  // namespace halo
