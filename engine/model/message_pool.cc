// SPDX-License-Identifier: MIT
#include "engine/model/message_pool.h"

#include <algorithm>

#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr std::size_t kFirstSlots = 64;

std::uint32_t Folded(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ hash >> 32); }

std::uint32_t HashOf(const NewMessage& message) {
  const MessageFacts& facts = message.facts;
  std::uint64_t hash = MixHash(facts.hash, facts.size);
  hash = MixHash(hash, facts.call_id);
  hash = MixHash(hash, static_cast<std::uint64_t>(facts.role) << 32 | facts.marks);
  for (const NewCall& call : message.calls) {
    hash = MixHash(MixHash(hash, call.facts.id), call.facts.request);
  }
  return Folded(hash);
}

std::uint32_t HashOf(ContextId before, MessageId message) {
  return Folded(MixHash(before, message));
}

bool SameCall(const CallFacts& stored, const CallFacts& call) {
  return stored.tool == call.tool && stored.id == call.id && stored.request == call.request &&
         stored.size == call.size;
}

}  // namespace

MessagePool::MessagePool() : messages_(1), nodes_(1), message_hashes_(1) {}

bool MessagePool::SameMessage(const MessageFacts& stored, const NewMessage& message) const {
  const MessageFacts& facts = message.facts;
  const auto same_list = [&](std::span<const std::uint32_t> kept,
                             const std::vector<std::uint32_t>& list) {
    return std::equal(kept.begin(), kept.end(), list.begin(), list.end());
  };
  if (stored.role != facts.role || stored.marks != facts.marks || stored.size != facts.size ||
      stored.hash != facts.hash || stored.call_id != facts.call_id || stored.error != facts.error ||
      !same_list(HeadsOf(stored), message.heads) || !same_list(ValuesOf(stored), message.values)) {
    return false;
  }
  const std::span<const CallFacts> calls = CallsOf(stored);
  return std::equal(calls.begin(), calls.end(), message.calls.begin(), message.calls.end(),
                    [&](const CallFacts& kept, const NewCall& call) {
                      return SameCall(kept, call.facts) && same_list(ValuesOf(kept), call.values) &&
                             same_list(HeadsOf(kept), call.heads);
                    });
}

template <class T>
void MessagePool::KeepLists(const std::vector<std::uint32_t>& values,
                            const std::vector<std::uint32_t>& heads, T& item) {
  item.value_begin = static_cast<std::uint32_t>(numbers_.size());
  numbers_.insert(numbers_.end(), values.begin(), values.end());
  item.value_end = item.head_begin = static_cast<std::uint32_t>(numbers_.size());
  numbers_.insert(numbers_.end(), heads.begin(), heads.end());
  item.head_end = static_cast<std::uint32_t>(numbers_.size());
}

MessageId MessagePool::Add(const NewMessage& message) {
  if (messages_.size() * 2 > message_slots_.size()) {
    message_slots_.assign(std::max(kFirstSlots, message_slots_.size() * 2), 0);
    for (MessageId id = 1; id < messages_.size(); ++id) {
      std::size_t slot = message_hashes_[id] & (message_slots_.size() - 1);
      while (message_slots_[slot] != 0) slot = (slot + 1) & (message_slots_.size() - 1);
      message_slots_[slot] = id;
    }
  }
  const std::uint32_t hash = HashOf(message);
  std::size_t slot = hash & (message_slots_.size() - 1);
  for (; message_slots_[slot] != 0; slot = (slot + 1) & (message_slots_.size() - 1)) {
    const MessageId id = message_slots_[slot];
    if (message_hashes_[id] == hash && SameMessage(messages_[id], message)) return id;
  }
  const auto id = static_cast<MessageId>(messages_.size());
  message_slots_[slot] = id;
  message_hashes_.push_back(hash);
  MessageFacts facts = message.facts;
  KeepLists(message.values, message.heads, facts);
  facts.call_begin = static_cast<std::uint32_t>(calls_.size());
  for (const NewCall& call : message.calls) {
    KeepLists(call.values, call.heads, calls_.emplace_back(call.facts));
  }
  facts.call_end = static_cast<std::uint32_t>(calls_.size());
  messages_.push_back(facts);
  return id;
}

ContextId MessagePool::Append(ContextId before, MessageId message) {
  if (nodes_.size() * 2 > node_slots_.size()) {
    node_slots_.assign(std::max(kFirstSlots, node_slots_.size() * 2), 0);
    for (ContextId id = 1; id < nodes_.size(); ++id) {
      std::size_t slot = HashOf(nodes_[id].before, nodes_[id].message) & (node_slots_.size() - 1);
      while (node_slots_[slot] != 0) slot = (slot + 1) & (node_slots_.size() - 1);
      node_slots_[slot] = id;
    }
  }
  std::size_t slot = HashOf(before, message) & (node_slots_.size() - 1);
  for (; node_slots_[slot] != 0; slot = (slot + 1) & (node_slots_.size() - 1)) {
    const Node& node = nodes_[node_slots_[slot]];
    if (node.before == before && node.message == message) return node_slots_[slot];
  }
  const auto id = static_cast<ContextId>(nodes_.size());
  node_slots_[slot] = id;
  nodes_.push_back({before, message, nodes_[before].length + 1});
  return id;
}

std::vector<MessageId> MessagePool::MessagesOf(ContextId list) const {
  std::vector<MessageId> messages(Length(list));
  for (std::size_t i = messages.size(); i-- > 0; list = Before(list)) messages[i] = Newest(list);
  return messages;
}

}  // namespace halo
