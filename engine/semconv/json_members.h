// SPDX-License-Identifier: MIT
// The members of JSON objects as attributes: objects of token counts, of costs, of metadata.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"

namespace halo {

enum class MemberDepth : std::uint8_t {
  kTop,    // the members that are text, a number or a boolean
  kUsage,  // also those of nested usage objects, by their path: "usage.input_tokens"
};

// Appends the members of the object in `text`, which is JSON or a JSON string that contains JSON.
// Appends none if it is neither, and stops at the first value that is not valid JSON. Texts are
// views of `text`, or of `json` until its Reset.
void AppendMembers(std::string_view text, MemberDepth depth, JsonTrees& json,
                   std::vector<Attribute>& out);

}  // namespace halo
