// SPDX-License-Identifier: MIT
// A loop whose rounds are shared out among threads.
#pragma once

#include <cstddef>
#include <functional>

namespace halo {

// Threads that pay for work that fits into memory: one a core, but no more than a few.
unsigned UsefulThreads();

// Calls work(index, thread) once for each index below `count`, in that order as threads get free:
// the calling one, which is 0, and others up to `threads` in all, as far as they can be made. When
// a call throws, no more are begun, and what it threw is thrown here once all have ended.
void ForEachIndex(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t index, unsigned thread)>& work);

}  // namespace halo
