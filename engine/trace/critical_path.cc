// SPDX-License-Identifier: MIT
#include "engine/trace/critical_path.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace halo {
namespace {

constexpr std::int32_t kNone = -1;

struct Interval {
  std::int64_t start = 0, end = 0;

  bool empty() const { return end <= start; }
};

// Lists of members by group, in the order in which the members were given.
class Groups {
 public:
  Groups(std::span<const std::int32_t> members, std::span<const std::int32_t> group_of,
         std::size_t groups)
      : begin_(groups + 1), members_(members.size()) {
    for (const std::int32_t member : members) ++begin_[group_of[member] + 1];
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
    for (const std::int32_t member : members) members_[next[group_of[member]]++] = member;
  }

  std::span<const std::int32_t> operator[](std::size_t group) const {
    return {members_.data() + begin_[group], begin_[group + 1] - begin_[group]};
  }

 private:
  std::vector<std::uint32_t> begin_;
  std::vector<std::int32_t> members_;
};

// A span without length hides nothing: its children hang on its nearest ancestor that has one.
struct Tree {
  std::vector<std::int32_t> parent;  // the number of spans stands for "no parent"
  std::vector<std::int32_t> top_down;
};

bool HasLength(const TimedSpan& span) { return span.start_ns >= 0 && span.end_ns > span.start_ns; }

Tree BuildTree(std::span<const TimedSpan> spans) {
  const std::size_t size = spans.size();
  const std::int32_t outside = static_cast<std::int32_t>(size);
  std::vector<std::int32_t> all(size), given_parent(size);
  std::iota(all.begin(), all.end(), 0);
  for (std::size_t i = 0; i < size; ++i) {
    given_parent[i] = spans[i].parent == kNone ? outside : spans[i].parent;
  }
  const Groups children(all, given_parent, size + 1);

  Tree tree{std::vector<std::int32_t>(size, outside), {}};
  tree.top_down.assign(children[size].begin(), children[size].end());
  tree.top_down.reserve(size);
  for (std::size_t next = 0; next < tree.top_down.size(); ++next) {
    const std::int32_t i = tree.top_down[next];
    const std::int32_t above = given_parent[i];
    if (above != outside) tree.parent[i] = HasLength(spans[above]) ? above : tree.parent[above];
    tree.top_down.insert(tree.top_down.end(), children[i].begin(), children[i].end());
  }
  return tree;
}

}  // namespace

std::vector<std::int64_t> CriticalPathNs(std::span<const TimedSpan> spans) {
  const std::size_t size = spans.size();
  const Tree tree = BuildTree(spans);

  std::vector<Interval> clipped(size);
  std::vector<std::int32_t> last_first;
  last_first.reserve(size);
  for (const std::int32_t i : tree.top_down) {
    if (!HasLength(spans[i])) continue;
    clipped[i] = {spans[i].start_ns, spans[i].end_ns};
    const std::int32_t parent = tree.parent[i];
    if (static_cast<std::size_t>(parent) != size) {
      clipped[i].start = std::max(clipped[i].start, clipped[parent].start);
      clipped[i].end = std::min(clipped[i].end, clipped[parent].end);
    }
    if (!clipped[i].empty()) last_first.push_back(i);
  }
  // Of spans that end together the longest one was waited for.
  std::sort(last_first.begin(), last_first.end(), [&](std::int32_t a, std::int32_t b) {
    if (clipped[a].end != clipped[b].end) return clipped[a].end > clipped[b].end;
    if (clipped[a].start != clipped[b].start) return clipped[a].start < clipped[b].start;
    return a < b;
  });
  const Groups children(last_first, tree.parent, size + 1);

  // A child that is on the path is on it for all of its length, so each can be walked by itself.
  std::vector<std::int64_t> exclusive(size, 0);
  std::vector<std::int32_t> on_path;
  on_path.reserve(last_first.size());
  std::int64_t reached = INT64_MAX;
  for (const std::int32_t root : children[size]) {
    if (clipped[root].end > reached) continue;
    on_path.push_back(root);
    reached = clipped[root].start;
  }
  for (std::size_t next = 0; next < on_path.size(); ++next) {
    const std::int32_t i = on_path[next];
    std::int64_t own = 0;
    reached = clipped[i].end;
    for (const std::int32_t child : children[i]) {
      if (clipped[child].end > reached) continue;
      own += reached - clipped[child].end;
      on_path.push_back(child);
      reached = clipped[child].start;
    }
    own += reached - clipped[i].start;
    if (!spans[i].human_wait) exclusive[i] = own;
  }
  return exclusive;
}

}  // namespace halo
