// SPDX-License-Identifier: MIT
#include "engine/model/string_pool.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace halo {
namespace {

constexpr std::size_t kFirstSlots = 256;
constexpr std::size_t kFirstBlock = 4 << 10;
constexpr std::size_t kLargestBlock = 256 << 10;

std::uint32_t HashOf(std::string_view text) {
  return static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
}

}  // namespace

StringPool::StringPool() : texts_{std::string_view()}, hashes_{0}, slots_(kFirstSlots) {}

std::size_t StringPool::SlotOf(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const StringId id = slots_[slot];
    if (hashes_[id] == hash && SameText(texts_[id], text)) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void StringPool::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (StringId id = 1; id < texts_.size(); ++id) {
    std::size_t slot = hashes_[id] & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = id;
  }
}

std::string_view StringPool::Keep(std::string_view text) {
  if (text.size() > free_) {
    const std::size_t wanted =
        std::min(kFirstBlock << std::min<std::size_t>(blocks_.size(), 8), kLargestBlock);
    free_ = std::max(wanted, text.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(free_));
    block_end_ = blocks_.back().get() + free_;
  }
  char* const at = block_end_ - free_;
  std::memcpy(at, text.data(), text.size());
  free_ -= text.size();
  return {at, text.size()};
}

StringId StringPool::Intern(std::string_view text) {
  if (text.empty()) return 0;
  const std::uint32_t hash = HashOf(text);
  std::size_t slot = SlotOf(text, hash);
  if (slots_[slot] != 0) return slots_[slot];
  if (texts_.size() * 2 > slots_.size()) {
    Grow();
    slot = SlotOf(text, hash);
  }
  const StringId id = static_cast<StringId>(texts_.size());
  texts_.push_back(Keep(text));
  hashes_.push_back(hash);
  slots_[slot] = id;
  return id;
}

std::optional<StringId> StringPool::Find(std::string_view text) const {
  if (text.empty()) return 0;
  const StringId id = slots_[SlotOf(text, HashOf(text))];
  return id == 0 ? std::nullopt : std::optional(id);
}

}  // namespace halo
