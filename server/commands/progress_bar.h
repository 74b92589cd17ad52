// SPDX-License-Identifier: MIT
// Progress of long work, as one line on stderr that is redrawn.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/engine.h"

namespace halo {

// Draws only if stderr is a terminal. Thread-safe.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar() { Clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Valid for the lifetime of this object.
  Progress Callback();
  void Clear();

 private:
  void Draw(double done, double total, std::string_view what);

  const bool terminal_;
  std::mutex mutex_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace halo
