// SPDX-License-Identifier: MIT
// Durations as a summary keeps them: exact while they are few, then in buckets of 5 %.
#pragma once

#include <cstddef>
#include <cstdint>

namespace halo {

// The bucket b of 1.05^b microseconds that a duration falls into; shorter ones fall into 0. The
// bounds are made by repeated multiplication, so that every machine draws them alike.
std::int16_t DurationBucket(std::int64_t duration_ns);

// An entry of OperationRollup::durations is a bucket, or -1 - ns for one exact duration.
// Percentiles of few calls are then one of them; buckets keep those of many small.
inline constexpr std::size_t kMostExactDurations = 32;

constexpr std::int64_t ExactDuration(std::int64_t duration_ns) { return -1 - duration_ns; }

constexpr bool IsExactDuration(std::int64_t entry) { return entry < 0; }

constexpr std::int64_t DurationOf(std::int64_t exact_entry) { return -1 - exact_entry; }

}  // namespace halo
