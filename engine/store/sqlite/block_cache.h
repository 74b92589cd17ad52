// SPDX-License-Identifier: MIT
// A cache of the last few decompressed blocks. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace halo {

class BlockCache {
 public:
  using Bytes = std::shared_ptr<const std::string>;

  explicit BlockCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // The cached block, or else the result of `load`. Two threads may load the same block.
  template <class Load>
  Bytes Get(std::int64_t id, Load&& load) {
    if (Bytes known = Find(id)) return known;
    Bytes bytes = std::make_shared<const std::string>(load());
    Keep(id, bytes);
    return bytes;
  }

 private:
  struct Entry {
    std::int64_t id;
    Bytes bytes;
  };

  // There are at most a few dozen entries: searching a list is cheaper than keeping an index.
  Bytes Find(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (entry->id != id) continue;
      entries_.splice(entries_.begin(), entries_, entry);
      return entries_.front().bytes;
    }
    return nullptr;
  }

  void Keep(std::int64_t id, const Bytes& bytes) {
    const std::lock_guard lock(mutex_);
    entries_.push_front({id, bytes});
    bytes_ += bytes->size();
    while (entries_.size() > 1 && (bytes_ > max_bytes_ || entries_.size() > 64)) {
      bytes_ -= entries_.back().bytes->size();
      entries_.pop_back();
    }
  }

  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::list<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace halo
