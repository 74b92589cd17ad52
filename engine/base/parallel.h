// SPDX-License-Identifier: MIT
// A loop whose iterations run on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace halo {

// The number of threads worth using for work in memory: one per core, at most 4.
unsigned UsefulThreads();

// Calls work(i, thread) for each i < count, in that order, on up to `threads` threads; the caller
// is thread 0. If a call throws, no more are started, and the first exception is rethrown when all
// calls have returned.
void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, unsigned thread)>& work);

}  // namespace halo
