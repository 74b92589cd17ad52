// SPDX-License-Identifier: MIT
// Points in time in arguments and answers. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// The time in UTC, for example "2026-01-31T12:00:00Z", with milliseconds if there are any; empty
// for 0. `ns` is Unix time in nanoseconds.
std::string TimeText(std::int64_t ns);

// Parses RFC 3339 ("2026-01-31T12:00:00.5+02:00", "2026-01-31") or a time relative to `now_ns`
// ("-24h", "+7d"; units s, m, h, d, w) to Unix time in nanoseconds. `field` names the argument in
// the error.
Result<std::int64_t> ParseTime(std::string_view text, std::int64_t now_ns, std::string_view field);

}  // namespace halo
