// SPDX-License-Identifier: MIT
// Converts the ids, times and enum names of spans from the forms in the input. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/json/arena.h"
#include "engine/model/span.h"

namespace halo {

// An id in the form that is stored: hex in lower case; base64 of `bytes` bytes (as generic protobuf
// printers write ids) becomes hex; other text is unchanged. Empty for an id of zeros only, which
// OpenTelemetry defines as invalid.
std::string_view CanonicalId(std::string_view id, std::size_t bytes, Arena& arena);

// The same for an id as bytes.
std::string_view CanonicalIdOfBytes(std::string_view bytes, Arena& arena);

// "CLIENT" for 3, "3", "CLIENT" or "SPAN_KIND_CLIENT"; empty for an unspecified kind.
std::string_view KindWord(std::int64_t number);
std::string_view KindWord(std::string_view name);

// The code for "STATUS_CODE_ERROR", "ERROR", "Error", "2" and the like; kUnset for anything else.
StatusCode StatusOf(std::int64_t number);
StatusCode StatusOf(std::string_view name);

// Converts an RFC 3339 time such as "2026-04-23T05:32:00.000000000Z" to ns since the Unix epoch. A
// space may replace the T, and zone (then UTC) and fraction may be missing. False for anything
// else, and before 1970 or after 2261.
bool ParseTime(std::string_view text, std::int64_t& ns);

}  // namespace halo
