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

std::uint64_t KeyOf(SpanIndex llm) { return static_cast<std::uint64_t>(llm); }

auto FirstAfter(std::span<const HeldMessage> held, SpanIndex span) {
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
      by_id_.Add(message.call_id, held);
      continue;
    }
    if (message.role == MessageRole::kAssistant || message.role == MessageRole::kSystem ||
        one.at < static_cast<std::int32_t>(newest_begin)) {
      continue;
    }
    if (message.role == MessageRole::kTool) without_id_.Add(KeyOf(llm), held);
    for (const std::uint32_t head : pool_.HeadsOf(message)) {
      by_head_.Add(KeyOf(strand, head), held);
    }
  }
}

void ResultIndex::Sort() {
  for (HeldMessages* const index : {&by_id_, &by_head_, &without_id_}) index->Sort();
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
  if (id == 0) return nullptr;
  const std::span<const HeldMessage> held = by_id_.Find(id);
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
    if (count == results_.end() || count->second > 1) continue;
    const std::span<const HeldMessage> held = by_head_.Find(KeyOf(strand, head));
    const auto first = FirstAfter(held, span);
    if (first != held.end()) return &*first;
  }
  return nullptr;
}

std::span<const HeldMessage> ResultIndex::WithoutId(SpanIndex llm) const {
  return without_id_.Find(KeyOf(llm));
}

}  // namespace halo
