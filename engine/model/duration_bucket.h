// SPDX-License-Identifier: MIT
// Durations in trace summaries: exact if there are few, else in buckets of 5 % width.
#pragma once

#include <cstddef>
#include <cstdint>

namespace halo {

// The largest b with 1.05^b microseconds <= duration; 0 for shorter ones. The bounds are computed
// by repeated multiplication, so that they are the same on every machine.
std::int16_t DurationBucket(std::int64_t duration_ns);

// Up to this many calls of an operation keep their exact durations, so that their percentiles are
// exact; more calls are counted in buckets, which take little space. An entry of
// OperationRollup::durations is a bucket, or -1 - ns for an exact duration.
inline constexpr std::size_t kMaxExactDurations = 10'000;

constexpr std::int64_t ExactDuration(std::int64_t duration_ns) { return -1 - duration_ns; }

constexpr bool IsExactDuration(std::int64_t entry) { return entry < 0; }

constexpr std::int64_t DurationOf(std::int64_t exact_entry) { return -1 - exact_entry; }

}  // namespace halo
