// SPDX-License-Identifier: MIT
// The times of a span as emitters write them. OTLP says nanoseconds, and clocks in seconds,
// milliseconds and microseconds are written into the same fields; of an instant between 2000 and
// 2100 the size of the number tells its unit, since the four ranges do not meet. A number outside
// of all four (1970, year 2300, a clock that counts from the start of the machine) is no instant.
// Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/model/kind.h"

namespace halo {

enum class TimeUnit : std::uint8_t { kNone, kSeconds, kMillis, kMicros, kNanos };

// The value of Span::end_ns for a span that has ended at an unknown time.
inline constexpr std::int64_t kUnknownEnd = -1;

TimeUnit TimeUnitOf(std::int64_t number);

// An instant as it was read.
struct Moment {
  enum class Kind : std::uint8_t {
    kAbsent,      // not given
    kKnown,       // `ns` since the Unix epoch
    kImplausible  // a time, but none at which a span can have run
  };
  Kind kind = Kind::kAbsent;
  TimeUnit unit = TimeUnit::kNone;  // of a number that is known
  std::int64_t ns = 0;
  const char* where = nullptr;  // in the record
};

// 0 is absent. False for a negative number or a text that is neither a number nor an RFC 3339 time.
bool ReadMoment(std::int64_t number, Moment& out);
bool ReadMoment(double number, Moment& out);
bool ReadMoment(std::string_view text, Moment& out);

// A span has one clock: an end in another unit than the start is no end of it.
inline bool SameClock(const Moment& start, const Moment& end) {
  return start.unit == TimeUnit::kNone || end.unit == TimeUnit::kNone || start.unit == end.unit;
}

}  // namespace halo
