// SPDX-License-Identifier: MIT
// What a follower cannot do at the moment, for those who ask.
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
  std::string path;  // that is not read; empty where nothing can be stored at all
  std::string why;
  std::int64_t since_ns = 0;
  bool by_another = false;  // of another process on the same store

  bool operator==(const FollowTrouble&) const = default;
};

// The store's trouble first, then the paths' by name.
struct FollowStatus {
  std::vector<FollowTrouble> troubles;
  std::int64_t more = 0;  // paths beyond those
};

// As one line for other processes, and back. What does not decode is left out.
std::string EncodeTroubles(const FollowStatus& status);
std::vector<FollowTrouble> DecodeTroubles(std::string_view line);

// The status of the follower of this process. Thread-safe.
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
  // Pauses after something failed, doubled each time.
  std::chrono::milliseconds first_retry{200}, longest_retry{5'000};
  // How long a write waits for other writers before that counts as a failure.
  Patience patience{2'000};
  // Changes are reported by the kernel; this catches those that it cannot see.
  std::chrono::milliseconds look_again{500};
};

struct FollowOptions {
  std::string project;  // empty: by attribute, else "default"
  std::stop_token stop;
  FollowPace pace{};
  // Told from the follower's thread when a trouble begins or ends.
  std::function<void(const FollowStatus&)> on_change{};
};

}  // namespace halo
