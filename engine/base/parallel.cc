// SPDX-License-Identifier: MIT
#include "engine/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace halo {

unsigned UsefulThreads() {
  constexpr unsigned kMost = 4;
  return std::clamp(std::thread::hardware_concurrency(), 1u, kMost);
}

void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, unsigned thread)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;  // the first one
  const auto run = [&](unsigned thread) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i, thread);
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    try {
      for (unsigned i = 1; i < threads && i < count; ++i) helpers.emplace_back(run, i);
    } catch (const std::system_error&) {
      // The system refused another thread; the running ones share the work.
    }
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace halo
