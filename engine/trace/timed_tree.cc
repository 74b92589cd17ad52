// SPDX-License-Identifier: MIT
#include "engine/trace/timed_tree.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace halo {
namespace {

constexpr std::int32_t kNone = -1;

// Sorts `members` by group, in the given order, and returns where each group begins.
std::vector<std::uint32_t> Group(std::span<const std::int32_t> members,
                                 std::span<const std::int32_t> group_of, std::size_t groups,
                                 std::vector<std::int32_t>& out) {
  std::vector<std::uint32_t> begin(groups + 1);
  for (const std::int32_t member : members) ++begin[group_of[member] + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  out.resize(members.size());
  for (const std::int32_t member : members) out[next[group_of[member]]++] = member;
  return begin;
}

bool HasLength(const TimedSpan& span) { return span.start_ns >= 0 && span.end_ns > span.start_ns; }

}  // namespace

TimedTree::TimedTree(std::span<const TimedSpan> spans) : clipped_(spans.size()) {
  const std::size_t size = spans.size();
  const std::int32_t outside = static_cast<std::int32_t>(size);
  std::vector<std::int32_t> all(size), given_parent(size), given_children;
  std::iota(all.begin(), all.end(), 0);
  for (std::size_t i = 0; i < size; ++i) {
    given_parent[i] = spans[i].parent == kNone ? outside : spans[i].parent;
  }
  const std::vector<std::uint32_t> given_begin = Group(all, given_parent, size + 1, given_children);
  const auto given = [&](std::size_t parent) {
    return std::span(given_children.data() + given_begin[parent],
                     given_begin[parent + 1] - given_begin[parent]);
  };
  std::vector<std::int32_t> parent_of(size, outside),
      top_down(given(size).begin(), given(size).end());
  std::vector<std::int32_t> last_first;
  top_down.reserve(size);
  for (std::size_t next = 0; next < top_down.size(); ++next) {
    const std::int32_t i = top_down[next];
    const std::int32_t above = given_parent[i];
    if (above != outside) parent_of[i] = HasLength(spans[above]) ? above : parent_of[above];
    top_down.insert(top_down.end(), given(i).begin(), given(i).end());
    if (!HasLength(spans[i])) continue;
    clipped_[i] = {spans[i].start_ns, spans[i].end_ns};
    if (const std::int32_t parent = parent_of[i]; parent != outside) {
      clipped_[i].start = std::max(clipped_[i].start, clipped_[parent].start);
      clipped_[i].end = std::min(clipped_[i].end, clipped_[parent].end);
    }
    if (!clipped_[i].empty()) last_first.push_back(i);
  }
  std::sort(last_first.begin(), last_first.end(), [&](std::int32_t a, std::int32_t b) {
    if (clipped_[a].end != clipped_[b].end) return clipped_[a].end > clipped_[b].end;
    if (clipped_[a].start != clipped_[b].start) return clipped_[a].start < clipped_[b].start;
    return a < b;
  });
  begin_ = Group(last_first, parent_of, size + 1, children_);
}

}  // namespace halo
