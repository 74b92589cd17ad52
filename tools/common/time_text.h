// SPDX-License-Identifier: MIT
// Points in time in arguments and answers. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// "2026-01-31T12:00:00Z", with milliseconds where there are any; empty for 0.
std::string TimeText(std::int64_t ns);

// RFC 3339 ("2026-01-31T12:00:00.5+02:00", "2026-01-31"), or a time from now: "-24h", "+7d", with
// s, m, h, d or w. `field` names the argument in the error.
Result<std::int64_t> ParseTime(std::string_view text, std::int64_t now_ns, std::string_view field);

}  // namespace halo
