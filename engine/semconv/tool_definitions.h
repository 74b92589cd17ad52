// SPDX-License-Identifier: MIT
// The tools that a model was offered, as JSON in the shapes that providers accept.
#pragma once

#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"

namespace halo {

// Appends the definitions in `text`, if any. A tool without a readable name (a hosted tool, a
// masked or truncated entry) is added with an empty name. Texts are views of `text`, or of `json`
// until its Reset.
void ReadToolDefinitions(std::string_view text, JsonTrees& json, std::vector<ToolDefinition>& out);

}  // namespace halo
