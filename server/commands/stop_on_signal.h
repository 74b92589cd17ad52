// SPDX-License-Identifier: MIT
// Ctrl-C stops work cleanly.
#pragma once

#include <stop_token>
#include <thread>

namespace halo {

// During its lifetime, the first SIGINT or SIGTERM requests a stop and the second ends the process
// as usual. Create it before any other thread: threads inherit the blocked signals.
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
  int wake_ = -1;  // eventfd, written by the destructor
  std::thread thread_;
};

}  // namespace halo
