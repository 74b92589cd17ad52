// SPDX-License-Identifier: MIT
#include "server/session/worker_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <utility>

namespace halo {

struct WorkerPool::State {
  std::mutex mutex;
  std::condition_variable work, idle;
  std::deque<std::function<void()>> waiting;
  std::size_t running = 0;
  bool closed = false;

  bool Idle() const { return waiting.empty() && running == 0; }

  void Work() {
    std::unique_lock lock(mutex);
    while (true) {
      work.wait(lock, [this] { return closed || !waiting.empty(); });
      if (waiting.empty()) return;
      std::function<void()> job = std::move(waiting.front());
      waiting.pop_front();
      ++running;
      lock.unlock();
      job();
      job = nullptr;  // outside the lock: freeing what it holds may take a while
      lock.lock();
      --running;
      if (Idle()) idle.notify_all();
    }
  }
};

WorkerPool::WorkerPool(std::size_t max_threads)
    : max_threads_(max_threads), state_(std::make_shared<State>()) {}

WorkerPool::~WorkerPool() {
  bool idle;
  {
    const std::lock_guard lock(state_->mutex);
    state_->waiting.clear();
    state_->closed = true;
    idle = state_->Idle();
  }
  state_->work.notify_all();
  for (std::thread& thread : threads_) {
    if (idle) {
      thread.join();
    } else {
      thread.detach();
    }
  }
}

bool WorkerPool::AddThread() {
  try {
    threads_.emplace_back([state = state_] { state->Work(); });
  } catch (const std::system_error&) {
    // No more threads available; an existing one will run the job.
  }
  return !threads_.empty();
}

Result<void> WorkerPool::Start() {
  const std::lock_guard lock(state_->mutex);
  if (!threads_.empty() || AddThread()) return {};
  return Error{Code::kUnavailable,
               "the system refuses to start another thread; raise the limit of processes or of "
               "memory"};
}

bool WorkerPool::Run(std::function<void()> job) {
  {
    const std::lock_guard lock(state_->mutex);
    const std::size_t wanted = state_->running + state_->waiting.size() + 1;
    if (threads_.size() < wanted && threads_.size() < max_threads_ && !AddThread()) return false;
    state_->waiting.push_back(std::move(job));
  }
  state_->work.notify_one();
  return true;
}

bool WorkerPool::Drain(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  return state_->idle.wait_for(lock, limit, [this] { return state_->Idle(); });
}

}  // namespace halo
