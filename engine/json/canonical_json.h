// SPDX-License-Identifier: MIT
// Two calls with the same meaning are equal, however their JSON was written.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/json/json_tree.h"

namespace halo {

// A hash of the JSON value. It ignores the order of members, white space around and between values,
// how numbers are written (1, 1.0, 1e0), and members that differ with each call whatever it asks
// for: ids of the call or request, timestamps, trace headers. Text that is not JSON, or nests
// deeper than 64 levels, is hashed byte by byte, trimmed. 0 for blank text only.
std::uint64_t CanonicalHash(std::string_view text, JsonTrees& json);

// For combining hashes in order.
std::uint64_t MixHashes(std::uint64_t a, std::uint64_t b);

}  // namespace halo
