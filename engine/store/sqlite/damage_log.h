// SPDX-License-Identifier: MIT
// The damaged parts found in a store. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.h"

namespace halo {

enum class StoredPart : std::uint8_t {
  kPage,
  kPayload,
  kFacts,
  kSummary,
  kMissingSummary,
  kSegment,
  kTrace,
  kMissingTrace,
  kFile
};

class DamageLog {
 public:
  // `entries`: the number of traces or spans in the part, if known.
  void Note(StoredPart part, std::int64_t id, std::int64_t entries = 0) {
    const std::lock_guard lock(mutex_);
    parts_[part][id] = entries;
  }
  void Clear() {
    const std::lock_guard lock(mutex_);
    parts_.clear();
  }
  bool any() const {
    const std::lock_guard lock(mutex_);
    return !parts_.empty();
  }
  bool Has(StoredPart part, std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = parts_.find(part);
    return found != parts_.end() && found->second.contains(id);
  }
  // By kind of part, with the first few ids.
  std::vector<StoreDamage> List() const;

 private:
  mutable std::mutex mutex_;
  std::map<StoredPart, std::map<std::int64_t, std::int64_t>> parts_;
};

}  // namespace halo
