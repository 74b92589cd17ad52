// SPDX-License-Identifier: MIT
#include "engine/facts/message_marks.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/facts/answer_words.h"
#include "engine/facts/correction_words.h"
#include "engine/facts/nothing_found.h"
#include "engine/facts/page_words.h"
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
  if (role == MessageRole::kAssistant) {
    if (Apologises(text)) marks |= BitOf(MessageMark::kApologises);
    if (SaysCannot(text)) marks |= BitOf(MessageMark::kCannot);
  }
  return marks;
}

}  // namespace halo
