// SPDX-License-Identifier: MIT
// Hashes that are equal for JSON values with the same meaning, however they were written. Pure
// functions, apart from the trees they parse.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/json/json_tree.h"

namespace halo {

// A hash of the JSON value in `text`. It ignores the order of members, white space around and
// between values, how numbers are written (1, 1.0, 1e0), and members that differ between equal
// calls: ids of the call or request, timestamps, trace headers. Text that is not JSON, or nests
// deeper than 64 levels, is trimmed and hashed as bytes. 0 for blank text only.
std::uint64_t CanonicalHash(std::string_view text, JsonTrees& json);

}  // namespace halo
