// SPDX-License-Identifier: MIT
// Messages of prompts under keys, such as their call ids. Flat arrays: a long trace has hundreds of
// thousands of keys.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/message_pool.h"

namespace halo {

// A message where a prompt holds it first.
struct HeldMessage {
  SpanIndex llm = -1;
  std::int32_t at = -1;
  MessageId message = 0;
};

class HeldMessages {
 public:
  void Add(std::uint64_t key, const HeldMessage& held) {
    keys_.push_back(key);
    held_.push_back(held);
  }
  // Must be called between the last Add and the first Find.
  void Sort();
  // In the order in which they were added.
  std::span<const HeldMessage> Find(std::uint64_t key) const;

 private:
  std::size_t SlotOf(std::uint64_t key) const;

  std::vector<std::uint64_t> keys_;  // by slot, then by key
  std::vector<HeldMessage> held_;
  std::vector<std::uint32_t> slot_begin_;  // with the end of the last one
};

}  // namespace halo
