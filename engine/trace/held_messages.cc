// SPDX-License-Identifier: MIT
#include "engine/trace/held_messages.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "engine/base/hash.h"

namespace halo {

std::size_t HeldMessages::SlotOf(std::uint64_t key) const {
  return MixHash(key, 0) & (slot_begin_.size() - 2);
}

void HeldMessages::Sort() {
  const std::size_t slots = std::bit_ceil(keys_.size() + 1);
  slot_begin_.assign(slots + 1, 0);
  std::vector<std::uint32_t> slot(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    slot[i] = static_cast<std::uint32_t>(SlotOf(keys_[i]));
    ++slot_begin_[slot[i] + 1];
  }
  std::partial_sum(slot_begin_.begin(), slot_begin_.end(), slot_begin_.begin());
  std::vector<std::uint32_t> next(slot_begin_.begin(), slot_begin_.end() - 1);
  std::vector<std::uint32_t> order(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    order[next[slot[i]]++] = static_cast<std::uint32_t>(i);
  }
  for (std::size_t s = 0; s < slots; ++s) {
    if (slot_begin_[s + 1] - slot_begin_[s] < 2) continue;
    std::sort(order.begin() + slot_begin_[s], order.begin() + slot_begin_[s + 1],
              [&](std::uint32_t a, std::uint32_t b) {
                return std::pair(keys_[a], a) < std::pair(keys_[b], b);
              });
  }
  std::vector<std::uint64_t> keys(keys_.size());
  std::vector<HeldMessage> held(held_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    keys[i] = keys_[order[i]];
    held[i] = held_[order[i]];
  }
  keys_ = std::move(keys);
  held_ = std::move(held);
}

std::span<const HeldMessage> HeldMessages::Find(std::uint64_t key) const {
  const std::size_t slot = SlotOf(key);
  const auto [begin, end] = std::equal_range(keys_.begin() + slot_begin_[slot],
                                             keys_.begin() + slot_begin_[slot + 1], key);
  const auto first = static_cast<std::size_t>(begin - keys_.begin());
  return {held_.data() + first, static_cast<std::size_t>(end - begin)};
}

}  // namespace halo
