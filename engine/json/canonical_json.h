// SPDX-License-Identifier: MIT
// Two calls with the same meaning are equal, however their JSON was written.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/json/json_scratch.h"

namespace halo {

// A hash of the JSON value that ignores the order of members, white space around and between
// values, number spelling (1, 1.0, 1e0), and members that change with each call whatever it asks:
// ids of the call or request, timestamps, trace headers. Text that is no JSON, or nests deeper than
// 64 levels, is hashed as it stands, trimmed. Never 0 for text that is not blank.
std::uint64_t CanonicalHash(std::string_view text, JsonScratch& json);

// For combining hashes in order.
std::uint64_t MixHashes(std::uint64_t a, std::uint64_t b);

}  // namespace halo
