// SPDX-License-Identifier: MIT
// Spans by a time of theirs, of which the nearest to a time is looked for again and again. A search
// costs the logarithm of their number, also when many are taken. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace halo {

class NearestInTime {
 public:
  // `index` names the span; of equally near spans, that which was added first is taken.
  void Add(std::int64_t time_ns, std::size_t index) {
    entries_.push_back({time_ns, entries_.size(), index});
    sorted_ = false;
  }

  // The index of the nearest span for which `taken` is not true; none if all are taken. Once taken,
  // a span must stay so.
  std::optional<std::size_t> Find(std::int64_t time_ns, const std::vector<bool>& taken);

 private:
  struct Entry {
    std::int64_t time_ns;
    std::size_t order;
    std::size_t index;
  };

  void Sort();
  // Where the first entry at or after `time_ns` is.
  std::size_t LowerBound(std::int64_t time_ns) const;
  // The first entry at or after `at` that is not taken; entries_.size() if there is none.
  std::size_t After(std::size_t at, const std::vector<bool>& taken);
  // One more than the last entry before `at` that is not taken; 0 if there is none.
  std::size_t Before(std::size_t at, const std::vector<bool>& taken);

  std::vector<Entry> entries_;
  // For each place, a later or earlier one: all entries between are taken (union-find with path
  // halving: Tarjan and van Leeuwen, 1984).
  std::vector<std::size_t> after_, before_;
  bool sorted_ = true;
};

}  // namespace halo
