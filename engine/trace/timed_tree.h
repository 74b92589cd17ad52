// SPDX-License-Identifier: MIT
// The times of a trace's spans as a tree in which every span has a length and lies in its parent.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halo {

// Times in nanoseconds. An open span (end 0), or one that ends before it starts, has no length.
struct TimedSpan {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::int32_t parent = -1;  // index; -1: a root; must be free of cycles
  bool human_wait = false;   // its time is not attributed to any span
};

struct TimedInterval {
  std::int64_t start = 0, end = 0;

  bool empty() const { return end <= start; }
  std::int64_t length() const { return empty() ? 0 : end - start; }
};

// Children of a span without length are attached to its nearest ancestor that has one, and clipped
// to it.
class TimedTree {
 public:
  explicit TimedTree(std::span<const TimedSpan> spans);

  std::size_t size() const { return clipped_.size(); }
  // Empty for a span without length, or outside of its parent.
  const TimedInterval& operator[](std::int32_t span) const { return clipped_[span]; }
  // The children that have a length; of size(): the roots. Those that end last come first; if
  // several end together, the longest one, which determined the end.
  std::span<const std::int32_t> LastFirst(std::size_t parent) const {
    return {children_.data() + begin_[parent], begin_[parent + 1] - begin_[parent]};
  }

 private:
  std::vector<TimedInterval> clipped_;
  std::vector<std::uint32_t> begin_;
  std::vector<std::int32_t> children_;
};

}  // namespace halo
