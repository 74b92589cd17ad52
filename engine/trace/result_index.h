// SPDX-License-Identifier: MIT
// Finds the message of a prompt that holds a result: by call id, by its text, or by its place among
// the newest messages. Only messages that a prompt added are looked at, so a history that is sent
// again costs nothing.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/trace/held_messages.h"
#include "engine/trace/prompt_steps.h"
#include "engine/trace/strands.h"

namespace halo {

class ResultIndex {
 public:
  ResultIndex(const Trace& trace, const Strands& strands);
  // Must be called in the order of time, for each model call with what its prompt added.
  void Add(SpanIndex llm, std::uint32_t newest_begin, const std::vector<AddedMessage>& added);

  // Must be called after the last Add and before the first of the questions below.
  void Sort();

  // Must be called with the result of every action before FindText.
  void CountResult(ContextId result);

  // The first message after `span` with this call id, of the strand if it has one.
  const HeldMessage* FindId(std::uint64_t id, std::int32_t strand, SpanIndex span) const;
  // The first one of the strand after `span` whose text begins as the result does; null if several
  // results of actions do.
  const HeldMessage* FindText(ContextId result, std::int32_t strand, SpanIndex span) const;
  // The results without id among the newest messages of a prompt, in order.
  std::span<const HeldMessage> WithoutId(SpanIndex llm) const;

 private:
  std::span<const std::uint32_t> HeadsOf(ContextId result) const;

  const MessagePool& pool_;
  const Strands& strands_;
  HeldMessages by_id_, by_head_, without_id_;                 // without_id_: by the model call
  std::unordered_map<std::uint32_t, std::uint32_t> results_;  // by head
};

}  // namespace halo
