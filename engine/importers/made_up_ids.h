// SPDX-License-Identifier: MIT
// Ids for spans of formats that have none: a function of content and position, so that the same
// input always gives the same ids. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/json/arena.h"

namespace halo {

// A trace id for the run with this content, at this offset of the input.
std::string_view MadeUpTraceId(std::string_view content, std::uint64_t offset, Arena& arena);
// The same from a hash of the content.
std::string_view MadeUpTraceIdOf(std::uint64_t content_hash, std::uint64_t offset, Arena& arena);

// A span id for the n-th span of a trace.
std::string_view MadeUpSpanId(std::string_view trace_id, std::uint64_t n, Arena& arena);
// A span id for the span of a trace that has this key in its format.
std::string_view MadeUpSpanIdOf(std::string_view trace_id, std::string_view key, Arena& arena);

}  // namespace halo
