// SPDX-License-Identifier: MIT
// Threads for jobs of unknown length. A job waits for another only where as many as there may be
// threads are running. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace halo {

class WorkerPool {
 public:
  explicit WorkerPool(std::size_t max_threads);
  // Jobs that still run are left running, jobs that wait are dropped. See Drain.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // A job does not throw.
  void Run(std::function<void()> job);
  // Waits for all jobs to end; false where some had not after `limit`.
  bool Drain(std::chrono::milliseconds limit);

 private:
  struct State;
  const std::size_t max_threads_;
  const std::shared_ptr<State> state_;  // shared with the threads, which may outlive the pool
  std::vector<std::thread> threads_;    // under the state's mutex
};

}  // namespace halo
