// SPDX-License-Identifier: MIT
#include "engine/summaries/duration_sums.h"

#include <algorithm>
#include <cmath>

#include "engine/model/duration_bucket.h"

namespace halo {

void DurationSums::Add(std::int64_t entry, std::int64_t count) {
  total_ += count;
  sorted_ = false;
  all_exact_ = all_exact_ && IsExactDuration(entry) && total_ <= kMostExact;
  if (all_exact_) {
    exact_.emplace_back(DurationOf(entry), count);
    return;
  }
  for (const auto& [ns, times] : exact_) AddBucket(DurationBucket(ns), times);
  exact_.clear();
  AddBucket(IsExactDuration(entry) ? DurationBucket(DurationOf(entry)) : entry, count);
}

std::int64_t DurationSums::Percentile(std::int64_t percent, std::int64_t max_ns) {
  if (total_ == 0) return 0;
  const std::int64_t rank = (total_ * percent + 99) / 100;
  std::int64_t seen = 0;
  if (!sorted_) std::sort(exact_.begin(), exact_.end());
  sorted_ = true;
  for (const auto& [ns, count] : exact_) {
    seen += count;
    if (seen >= rank) return ns;
  }
  for (const auto& [bucket, count] : buckets_) {
    seen += count;
    if (seen < rank) continue;
    const double ns = 1000 * std::pow(1.05, static_cast<double>(bucket) + 0.5);
    return ns < static_cast<double>(max_ns) ? static_cast<std::int64_t>(ns) : max_ns;
  }
  return max_ns;
}

}  // namespace halo
