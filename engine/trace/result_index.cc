// SPDX-License-Identifier: MIT
#include "engine/trace/result_index.h"

#include <algorithm>

namespace halo {
namespace {

// How many equal ids are looked at. More than one is the mistake of an emitter.
constexpr int kMostSame = 16;

std::uint64_t KeyOf(std::int32_t strand, std::uint32_t head) {
  return static_cast<std::uint64_t>(strand) << 32 | head;
}

auto FirstAfter(const std::vector<HeldMessage>& held, SpanIndex span) {
  return std::partition_point(held.begin(), held.end(),
                              [&](const HeldMessage& one) { return one.llm <= span; });
}

}  // namespace

ResultIndex::ResultIndex(const Trace& trace, const Strands& strands)
    : pool_(trace.words->messages()), strands_(strands) {}

void ResultIndex::Add(SpanIndex llm, std::uint32_t newest_begin,
                      const std::vector<AddedMessage>& added) {
  const std::int32_t strand = strands_.Of(llm);
  for (const AddedMessage& one : added) {
    const MessageFacts& message = pool_[one.message];
    const HeldMessage held = {llm, one.at, one.message};
    if (message.call_id != 0) {
      by_id_[message.call_id].push_back(held);
      continue;
    }
    if (message.role == MessageRole::kAssistant || message.role == MessageRole::kSystem ||
        one.at < static_cast<std::int32_t>(newest_begin)) {
      continue;
    }
    if (message.role == MessageRole::kTool) without_id_[llm].push_back(held);
    for (const std::uint32_t head : pool_.HeadsOf(message)) {
      by_head_[KeyOf(strand, head)].push_back(held);
    }
  }
}

// The long head and the short one; a prompt that cuts the result off has the short one only.
std::span<const std::uint32_t> ResultIndex::HeadsOf(ContextId result) const {
  if (result == 0) return {};
  const auto heads = pool_.HeadsOf(pool_[pool_.Newest(result)]);
  return heads.first(std::min<std::size_t>(heads.size(), 2));
}

void ResultIndex::CountResult(ContextId result) {
  for (const std::uint32_t head : HeadsOf(result)) ++results_[head];
}

const HeldMessage* ResultIndex::FindId(std::uint64_t id, std::int32_t strand,
                                       SpanIndex span) const {
  const auto found = id == 0 ? by_id_.end() : by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  const std::vector<HeldMessage>& held = found->second;
  const auto first = FirstAfter(held, span);
  auto it = first;
  for (int i = 0; it != held.end() && i < kMostSame; ++it, ++i) {
    if (strands_.Of(it->llm) == strand) return &*it;
  }
  return first == held.end() ? nullptr : &*first;
}

const HeldMessage* ResultIndex::FindText(ContextId result, std::int32_t strand,
                                         SpanIndex span) const {
  for (const std::uint32_t head : HeadsOf(result)) {
    const auto count = results_.find(head);
    const auto found = by_head_.find(KeyOf(strand, head));
    if (count == results_.end() || count->second > 1 || found == by_head_.end()) continue;
    const auto first = FirstAfter(found->second, span);
    if (first != found->second.end()) return &*first;
  }
  return nullptr;
}

const std::vector<HeldMessage>& ResultIndex::WithoutId(SpanIndex llm) const {
  const auto found = without_id_.find(llm);
  return found == without_id_.end() ? none_ : found->second;
}

}  // namespace halo
