// SPDX-License-Identifier: MIT
// Current problems of a follower.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.h"

namespace halo {

struct FollowTrouble {
  std::string path;  // the path that cannot be read; empty: the store does not accept writes
  std::string why;
  std::int64_t since_ns = 0;
  bool by_another = false;  // reported by another process that uses the same store

  bool operator==(const FollowTrouble&) const = default;
};

// A problem with the store first, then those of paths, by name.
struct FollowStatus {
  std::vector<FollowTrouble> troubles;
  std::int64_t more = 0;  // number of further problems
};

// Encode as one line for other processes, and decode. Malformed entries are skipped.
std::string EncodeTroubles(const FollowStatus& status);
std::vector<FollowTrouble> DecodeTroubles(std::string_view line);

// The status of this process's follower. Thread-safe.
class FollowBoard {
 public:
  FollowStatus Get() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  void Set(FollowStatus status) {
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
  }

 private:
  mutable std::mutex mutex_;
  FollowStatus status_;
};

struct FollowPace {
  // Pause after a failure, doubled each time.
  std::chrono::milliseconds first_retry{200}, longest_retry{5'000};
  // How long a write waits for other writers before it fails.
  Patience patience{2'000};
  // The kernel reports changes; polling catches those that it cannot see.
  std::chrono::milliseconds poll{500};
};

struct FollowOptions {
  std::string project;  // empty: by attribute, else "default"
  std::stop_token stop;
  FollowPace pace{};
  // Called on the follower's thread when a problem begins or ends.
  std::function<void(const FollowStatus&)> on_change{};
};

}  // namespace halo
