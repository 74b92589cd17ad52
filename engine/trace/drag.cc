// SPDX-License-Identifier: MIT
#include "engine/trace/drag.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace halo {
namespace {

// The children of one span, or the roots, as a network in which each waits for those that ended
// before it started.
class Network {
 public:
  Network(const TimedTree& tree, std::span<const std::int32_t> children, TimedInterval around)
      : tree_(tree), around_(around), by_start_(children.begin(), children.end()) {
    std::sort(by_start_.begin(), by_start_.end(), [&](std::int32_t a, std::int32_t b) {
      return std::pair(tree_[a].start, a) < std::pair(tree_[b].start, b);
    });
    by_end_.resize(by_start_.size());
    std::iota(by_end_.begin(), by_end_.end(), std::size_t{0});
    std::sort(by_end_.begin(), by_end_.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(At(a).end, a) < std::pair(At(b).end, b);
    });
    FindLags();
    FindPaths();
  }

  // Calls use(child, how much it can shrink before something else determines the end).
  template <class Use>
  void ForEachCap(Use use) {
    const std::int64_t longest = *std::max_element(path_.begin(), path_.end());
    // The critical children, which may overlap if several end together; those have no drag.
    std::vector<std::size_t> critical;
    for (std::size_t i = 0; i < size(); ++i) {
      if (path_[i] == longest) critical.push_back(i);
    }
    std::vector<std::int64_t> rival(critical.size(), INT64_MIN);
    RaiseRivals(critical, rival);
    for (std::size_t c = 0; c < critical.size(); ++c) {
      const std::int64_t cap = rival[c] == INT64_MIN ? INT64_MAX : longest - rival[c];
      use(by_start_[critical[c]], cap);
    }
  }

 private:
  std::size_t size() const { return by_start_.size(); }
  const TimedInterval& At(std::size_t i) const { return tree_[by_start_[i]]; }

  // The recorded distance of each start from the last end before it.
  void FindLags() {
    lag_.resize(size());
    std::size_t ended = 0;
    std::int64_t release = around_.start;
    for (std::size_t i = 0; i < size(); ++i) {
      while (ended < size() && At(by_end_[ended]).end <= At(i).start) {
        release = std::max(release, At(by_end_[ended++]).end);
      }
      lag_[i] = At(i).start - release;
    }
  }

  // path_[i]: the longest path from the start of the parent to its end through child i.
  void FindPaths() {
    const std::int64_t last_end = At(by_end_.back()).end;
    const std::int64_t tail = around_.end - last_end;
    path_.resize(size());
    // Through each child from its release, and the best of those that start at or after a time.
    std::vector<std::int64_t> best(size() + 1, INT64_MIN);
    for (std::size_t i = size(); i-- > 0;) {
      const auto next = std::partition_point(
          by_start_.begin() + static_cast<std::ptrdiff_t>(i) + 1, by_start_.end(),
          [&](std::int32_t child) { return tree_[child].start < At(i).end; });
      const std::int64_t rest =
          std::max(tail, best[static_cast<std::size_t>(next - by_start_.begin())]);
      path_[i] = At(i).end - around_.start + rest;
      best[i] = std::max(best[i + 1], lag_[i] + At(i).length() + rest);
    }
  }

  // Sets, for each critical child, the longest path through a child that overlaps it. Critical
  // children that overlap each other are each other's rivals.
  void RaiseRivals(const std::vector<std::size_t>& critical, std::vector<std::int64_t>& rival) {
    std::vector<std::size_t> by_path(size());
    std::iota(by_path.begin(), by_path.end(), std::size_t{0});
    std::stable_sort(by_path.begin(), by_path.end(),
                     [&](std::size_t a, std::size_t b) { return path_[a] > path_[b]; });
    std::vector<std::int64_t> latest(critical.size());  // end of the critical ones up to each
    for (std::size_t c = 0; c < critical.size(); ++c) {
      latest[c] = std::max(c == 0 ? INT64_MIN : latest[c - 1], At(critical[c]).end);
    }
    // next[c]: the first critical child at or after c without a rival.
    std::vector<std::size_t> next(critical.size() + 1);
    std::iota(next.begin(), next.end(), std::size_t{0});
    const auto find = [&](std::size_t c) {
      while (next[c] != c) c = next[c] = next[next[c]];
      return c;
    };
    for (const std::size_t i : by_path) {
      // Critical children that may overlap child i: those before its end, from the first that ends
      // after its start.
      const auto from = std::partition_point(latest.begin(), latest.end(),
                                             [&](std::int64_t end) { return end <= At(i).start; });
      std::size_t c = find(static_cast<std::size_t>(from - latest.begin()));
      while (c < critical.size() && At(critical[c]).start < At(i).end) {
        const bool overlaps = critical[c] != i && At(critical[c]).end > At(i).start;
        if (overlaps) {
          rival[c] = path_[i];
          next[c] = c + 1;
        }
        c = find(c + 1);
      }
    }
  }

  const TimedTree& tree_;
  const TimedInterval around_;
  std::vector<std::int32_t> by_start_;
  std::vector<std::size_t> by_end_;       // positions in by_start_
  std::vector<std::int64_t> lag_, path_;  // along by_start_
};

}  // namespace

std::vector<std::int64_t> DragsNs(const TimedTree& tree, std::span<const TimedSpan> spans) {
  std::vector<std::int64_t> drag(tree.size(), 0), cap(tree.size(), 0);
  std::vector<std::size_t> pending;
  const auto add = [&](std::size_t parent, std::int64_t limit, TimedInterval around) {
    const std::span<const std::int32_t> children = tree.LastFirst(parent);
    if (children.empty()) return;
    Network(tree, children, around).ForEachCap([&](std::int32_t child, std::int64_t room) {
      cap[child] = std::min(limit, room);
      if (cap[child] <= 0) return;
      drag[child] = spans[child].human_wait ? 0 : std::min(tree[child].length(), cap[child]);
      pending.push_back(static_cast<std::size_t>(child));
    });
  };
  TimedInterval all{INT64_MAX, INT64_MIN};
  for (const std::int32_t root : tree.LastFirst(tree.size())) {
    all.start = std::min(all.start, tree[root].start);
    all.end = std::max(all.end, tree[root].end);
  }
  add(tree.size(), INT64_MAX, all);
  while (!pending.empty()) {
    const std::size_t i = pending.back();
    pending.pop_back();
    if (spans[i].human_wait) continue;
    add(i, cap[i], tree[static_cast<std::int32_t>(i)]);
  }
  return drag;
}

}  // namespace halo
