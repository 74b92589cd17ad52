// SPDX-License-Identifier: MIT
#include "engine/facts/telling_sentence.h"

#include "engine/facts/announcement_words.h"
#include "engine/facts/claim_words.h"
#include "engine/facts/made_up_words.h"

namespace halo {
namespace {

std::string_view MadeUpIn(const Message& message, WordFinder& words) {
  std::string_view text = FindMadeUp(message.content, words);
  for (const ToolCall& call : message.tool_calls) {
    if (text.empty()) text = FindMadeUp(call.arguments, words);
  }
  return text;
}

std::string_view CallTagIn(std::string_view text, WordFinder& words) {
  words.Read(text, {WordList::kCallTags}, kCallTagBytes);
  return FindCallTag(text, words);
}

std::string_view ClaimIn(std::string_view text, WordFinder& words) {
  words.Read(text, {WordList::kClaims, WordList::kClaimCues}, kClaimBytes);
  return FindClaim(words);
}

}  // namespace

void TellingSentence::Take(const ToolMentions& mentions, const MessageFacts& facts,
                           const Message& message, WordFinder& words) {
  int kind = 0;
  const auto offer = [&](bool has, auto find) {
    ++kind;
    if (!has || kind >= kind_) return;
    text = find();
    kind_ = kind;
  };
  offer(!mentions.written.empty(), [&] { return mentions.written_at; });
  offer(facts.Has(MessageMark::kCallTag), [&] { return CallTagIn(message.content, words); });
  offer(facts.Has(MessageMark::kAnnounces),
        [&] { return LastAnnouncement(message.content, words.announcements()); });
  offer(facts.Has(MessageMark::kMadeUp), [&] { return MadeUpIn(message, words); });
  offer(facts.Has(MessageMark::kClaims), [&] { return ClaimIn(message.content, words); });
  offer(!mentions.planned.empty(), [&] { return mentions.planned_at; });
}

}  // namespace halo
