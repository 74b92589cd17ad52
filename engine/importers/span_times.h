// SPDX-License-Identifier: MIT
// The times of a span as emitters write them. OTLP requires nanoseconds, but some emitters write
// seconds, milliseconds or microseconds into the same fields. For a time between 2000 and 2100 the
// size of the number reveals its unit, since the four ranges do not overlap. A number outside of
// all four (1970, year 2300, a clock that starts with the machine) is implausible. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/model/kind.h"

namespace halo {

enum class TimeUnit : std::uint8_t { kNone, kSeconds, kMillis, kMicros, kNanos };

// Span::end_ns of a span that has ended at an unknown time.
inline constexpr std::int64_t kUnknownEnd = -1;

TimeUnit TimeUnitOf(std::int64_t number);

// A time as it was read.
struct Moment {
  enum class Kind : std::uint8_t {
    kAbsent,      // not given
    kKnown,       // `ns` since the Unix epoch
    kImplausible  // no span can have run at this time
  };
  Kind kind = Kind::kAbsent;
  TimeUnit unit = TimeUnit::kNone;  // of a known time that was a number
  std::int64_t ns = 0;
  const char* where = nullptr;  // position in the record
};

// Reads a time; 0 counts as absent. False for a negative number, or a text that is neither a number
// nor an RFC 3339 time.
bool ReadMoment(std::int64_t number, Moment& out);
bool ReadMoment(double number, Moment& out);
bool ReadMoment(std::string_view text, Moment& out);

// Whether start and end are in the same unit, if they have one. A span has one clock, so an end in
// another unit than the start is not its end.
inline bool SameClock(const Moment& start, const Moment& end) {
  return start.unit == TimeUnit::kNone || end.unit == TimeUnit::kNone || start.unit == end.unit;
}

}  // namespace halo
