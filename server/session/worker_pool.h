// SPDX-License-Identifier: MIT
// A thread pool for jobs of unknown duration. It grows up to its limit, so a job waits only while
// that many jobs are running. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/base/result.h"

namespace halo {

class WorkerPool {
 public:
  explicit WorkerPool(std::size_t max_threads);
  // Detaches running jobs and drops waiting ones; call Drain first to let them finish.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Starts the first thread, after which Run cannot fail. kUnavailable if the system refuses it.
  Result<void> Start();
  // A job must not throw. False, and the job is dropped, if not even one thread could be started.
  bool Run(std::function<void()> job);
  // Waits for all jobs to finish; false if `limit` passed first.
  bool Drain(std::chrono::milliseconds limit);

 private:
  struct State;
  // Needs the mutex. False if there is still no thread.
  bool AddThread();

  const std::size_t max_threads_;
  const std::shared_ptr<State> state_;  // shared with the threads, which may outlive the pool
  std::vector<std::thread> threads_;    // guarded by State::mutex
};

}  // namespace halo
