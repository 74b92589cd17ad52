// SPDX-License-Identifier: MIT
// Ctrl-C ends work at the next good place.
#pragma once

#include <stop_token>
#include <thread>

namespace halo {

// While it lives, the first SIGINT or SIGTERM requests a stop and the second ends the process as
// usual. Make it before any other thread starts: they inherit the blocked signals.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Wait();

  std::stop_source stop_;
  int wake_ = -1;  // an eventfd: written when this object ends
  std::thread thread_;
};

}  // namespace halo
