// SPDX-License-Identifier: MIT
// A loop whose iterations run on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace halo {

// The number of threads worth using for work in memory: one per core, at most 4.
unsigned UsefulThreads();

// Calls work(i, thread) for each i < count on up to `threads` threads; the caller is thread 0. The
// calls start in the order of i and run concurrently, so `work` must be thread-safe. If a call
// throws, no more are started, and the first exception is rethrown after all calls have returned.
void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, unsigned thread)>& work);

}  // namespace halo
