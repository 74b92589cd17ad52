// SPDX-License-Identifier: MIT
#include "engine/summaries/huge_pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace halo {

void ExpectAllocations(std::size_t bytes) noexcept {
  constexpr std::size_t kHugePage = 2 << 20;
  // A block of 32 MB or more would be a mapping of its own, which is gone once it is freed.
  constexpr std::size_t kMost = 30 << 20;
  if (bytes < kHugePage) return;
  const std::size_t size = std::min(bytes + kHugePage, kMost);
  // What malloc gives and takes back at the end of the heap is what it gives next.
  void* volatile block = std::malloc(size);
  if (block == nullptr) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t first = (begin + kHugePage - 1) & ~(kHugePage - 1);
  if (first < begin + size) {
    madvise(reinterpret_cast<void*>(first), begin + size - first, MADV_HUGEPAGE);
  }
  std::free(block);
}

}  // namespace halo
