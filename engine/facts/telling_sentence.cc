// SPDX-License-Identifier: MIT
#include "engine/facts/telling_sentence.h"

#include "engine/facts/announcement_words.h"
#include "engine/facts/claim_words.h"
#include "engine/facts/made_up_words.h"

namespace halo {
namespace {

std::string_view MadeUpIn(const Message& message) {
  std::string_view text = FindMadeUp(message.content);
  for (const ToolCall& call : message.tool_calls) {
    if (text.empty()) text = FindMadeUp(call.arguments);
  }
  return text;
}

}  // namespace

void TellingSentence::Take(const ToolMentions& mentions, const MessageFacts& facts,
                           const Message& message) {
  int kind = 0;
  const auto offer = [&](bool has, auto find) {
    ++kind;
    if (!has || kind >= kind_) return;
    text = find();
    kind_ = kind;
  };
  offer(!mentions.written.empty(), [&] { return mentions.written_at; });
  offer(facts.Has(MessageMark::kCallTag), [&] { return FindCallTag(message.content); });
  offer(facts.Has(MessageMark::kAnnounces), [&] { return LastAnnouncement(message.content); });
  offer(facts.Has(MessageMark::kMadeUp), [&] { return MadeUpIn(message); });
  offer(facts.Has(MessageMark::kClaims), [&] { return FindClaim(message.content); });
  offer(!mentions.planned.empty(), [&] { return mentions.planned_at; });
}

}  // namespace halo
