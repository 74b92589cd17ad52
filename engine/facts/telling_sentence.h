// SPDX-License-Identifier: MIT
// Chooses the sentence of an answer that its findings quote (SpanFacts::telling_quote).
#pragma once

#include <string_view>

#include "engine/facts/tool_mentions.h"
#include "engine/facts/word_finder.h"
#include "engine/model/message_pool.h"
#include "engine/model/span_fields.h"

namespace halo {

struct TellingSentence {
  std::string_view text;  // of a message, or of the arguments of its call; empty if none tells

  // Considers one message of the answer. An earlier message takes precedence over a later one with
  // a sentence of the same kind.
  void Take(const ToolMentions& mentions, const MessageFacts& facts, const Message& message,
            WordFinder& words);

 private:
  int kind_ = 1000;  // the smaller, the more telling
};

}  // namespace halo
