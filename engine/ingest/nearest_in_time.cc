// SPDX-License-Identifier: MIT
#include "engine/ingest/nearest_in_time.h"

#include <algorithm>
#include <tuple>

namespace halo {
namespace {

// Unsigned, since the times may be as far apart as numbers can be.
std::uint64_t Apart(std::int64_t earlier, std::int64_t later) {
  return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
}

}  // namespace

void NearestInTime::Sort() {
  if (sorted_) return;
  sorted_ = true;
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.time_ns, a.order) < std::tie(b.time_ns, b.order);
  });
  after_.resize(entries_.size() + 1);
  before_.resize(entries_.size() + 1);
  for (std::size_t i = 0; i < after_.size(); ++i) after_[i] = before_[i] = i;
}

std::size_t NearestInTime::LowerBound(std::int64_t time_ns) const {
  const auto at =
      std::lower_bound(entries_.begin(), entries_.end(), time_ns,
                       [](const Entry& entry, std::int64_t time) { return entry.time_ns < time; });
  return static_cast<std::size_t>(at - entries_.begin());
}

std::size_t NearestInTime::After(std::size_t at, const std::vector<bool>& taken) {
  while (at < entries_.size()) {
    if (after_[at] == at) {
      if (!taken[entries_[at].index]) return at;
      after_[at] = at + 1;
    }
    after_[at] = after_[after_[at]];
    at = after_[at];
  }
  return at;
}

std::size_t NearestInTime::Before(std::size_t at, const std::vector<bool>& taken) {
  while (at > 0) {
    if (before_[at] == at) {
      if (!taken[entries_[at - 1].index]) return at;
      before_[at] = at - 1;
    }
    before_[at] = before_[before_[at]];
    at = before_[at];
  }
  return at;
}

std::optional<std::size_t> NearestInTime::Find(std::int64_t time_ns,
                                               const std::vector<bool>& taken) {
  Sort();
  const std::size_t at = LowerBound(time_ns);
  const std::size_t right = After(at, taken);
  std::size_t left = Before(at, taken);
  const bool has_right = right<entries_.size(), has_left = left> 0;
  if (!has_right && !has_left) return std::nullopt;
  if (!has_left) return entries_[right].index;
  // Of those at the same time, the first.
  left = After(LowerBound(entries_[left - 1].time_ns), taken);
  if (!has_right) return entries_[left].index;
  const std::uint64_t to_left = Apart(entries_[left].time_ns, time_ns);
  const std::uint64_t to_right = Apart(time_ns, entries_[right].time_ns);
  const bool takes_left =
      to_left != to_right ? to_left < to_right : entries_[left].order < entries_[right].order;
  return entries_[takes_left ? left : right].index;
}

}  // namespace halo
