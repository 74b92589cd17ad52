// SPDX-License-Identifier: MIT
// Times as text (RFC 3339). Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halo {

// Nanoseconds since 1970 of "2026-04-23T05:32:00.5+02:00". Also takes what emitters and people
// write: a space for the T, a comma for the point, no seconds, no zone (then UTC), a zone such as
// "+0200" or "+02", and a date alone (then midnight UTC). Fraction digits after the ninth are
// ignored. Nullopt for anything else and for years before 1700 or after 2261, which do not fit.
std::optional<std::int64_t> ParseRfc3339(std::string_view text);

// Formats nanoseconds since 1970 as "2026-01-31T12:00:00Z", with milliseconds unless they are 0.
// Smaller units are rounded down.
std::string Rfc3339(std::int64_t ns);

}  // namespace halo
