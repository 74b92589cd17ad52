// SPDX-License-Identifier: MIT
// Percentiles of the durations of a group: exact for up to 10,000 that are all known exactly, else
// from buckets of 5 % width. The result depends on the set of durations and not on their order.
// Thread-compatible.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace halo {

class DurationSums {
 public:
  static constexpr std::int64_t kMostExact = 10'000;

  // `entry` as in OperationRollup::durations.
  void Add(std::int64_t entry, std::int64_t count);

  // By nearest rank; 0 if there are none. A bucket counts as its middle, but at most as `max_ns`.
  std::int64_t Percentile(std::int64_t percent, std::int64_t max_ns);

 private:
  void AddBucket(std::int64_t bucket, std::int64_t count) { buckets_[bucket] += count; }

  bool all_exact_ = true, sorted_ = false;
  std::int64_t total_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> exact_;  // ns, how often
  std::map<std::int64_t, std::int64_t> buckets_;
};

}  // namespace halo
