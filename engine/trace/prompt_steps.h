// SPDX-License-Identifier: MIT
// How the prompts of the model calls of a strand follow from one another. A strand is what one
// agent does at one level: the steps of a scope that are in no tool call, or in the same one.
//
// The prompt before is that of the last model call of the strand whose prompt begins with the same
// message, else has the same first user message, else that of the last model call. What is equal
// at the beginning of both costs nothing, since equal beginnings are one list (message_pool.h).
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// A message that a prompt holds and the one before does not.
struct AddedMessage {
  MessageId message = 0;
  std::int32_t at = -1;  // its position in the prompt
};

class PromptSteps {
 public:
  explicit PromptSteps(const Trace& trace) : trace_(trace), pool_(trace.words->messages()) {}

  // `calls` are the model calls of one strand in time order. Appends to prompts and lost.
  void AddStrand(const std::vector<SpanIndex>& calls, Turns& out);

  // What the prompt of a call of AddStrand added.
  const std::vector<AddedMessage>& AddedBy(SpanIndex call) const { return added_[index_.at(call)]; }

 private:
  // What is remembered of each list, and computed once.
  struct Outline {
    MessageId first = 0, first_user = 0;
    std::uint32_t newest_begin = 0;
  };
  const Outline& OutlineOf(ContextId list);
  PromptStep StepOf(SpanIndex span, SpanIndex before, Turns& out);
  void Compare(ContextId list, ContextId before, PromptStep& step, Turns& out);
  void FindRests(std::vector<LostMessage>& lost) const;

  const Trace& trace_;
  const MessagePool& pool_;
  std::unordered_map<ContextId, Outline> outlines_;
  std::vector<ContextId> pending_;
  std::vector<std::vector<AddedMessage>> added_;
  std::unordered_map<SpanIndex, std::size_t> index_;  // in added_
  std::uint64_t* work_ = nullptr;
};

// Whether the whole prompt of a model call was recorded.
bool IsWholePrompt(const SpanFacts& span);

}  // namespace halo
