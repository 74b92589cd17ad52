// SPDX-License-Identifier: MIT
#include "engine/model/duration_bucket.h"

#include <algorithm>
#include <array>
#include <bit>

namespace halo {
namespace {

// 1.05^b microseconds, in nanoseconds; the last is about 36,000 years.
constexpr std::size_t kBuckets = 850;

constexpr std::array<double, kBuckets> kBucketStarts = [] {
  std::array<double, kBuckets> starts{};
  double start = 1000;
  for (double& each : starts) {
    each = start;
    start *= 1.05;
  }
  return starts;
}();

// For each bit width, the first bucket of durations of that width; about fifteen remain to search.
constexpr std::array<std::int16_t, 65> kFirstBuckets = [] {
  std::array<std::int16_t, 65> first{};
  std::size_t bucket = 0;
  for (std::size_t width = 1; width < first.size(); ++width) {
    const double shortest = static_cast<double>(std::uint64_t{1} << (width - 1));
    while (bucket + 1 < kBuckets && kBucketStarts[bucket + 1] <= shortest) ++bucket;
    first[width] = static_cast<std::int16_t>(bucket);
  }
  return first;
}();

}  // namespace

std::int16_t DurationBucket(std::int64_t duration_ns) {
  if (duration_ns <= 0) return 0;
  const auto width =
      static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(duration_ns)));
  const auto first = static_cast<std::size_t>(kFirstBuckets[width]);
  const auto last = std::min(static_cast<std::size_t>(kFirstBuckets[width + 1]) + 2, kBuckets);
  const auto after = std::upper_bound(kBucketStarts.begin() + first, kBucketStarts.begin() + last,
                                      static_cast<double>(duration_ns));
  const auto bucket = after - kBucketStarts.begin() - 1;
  return static_cast<std::int16_t>(std::max<std::ptrdiff_t>(bucket, 0));
}

}  // namespace halo
