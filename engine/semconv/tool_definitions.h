// SPDX-License-Identifier: MIT
// The tools that a model was offered, as JSON in the shapes that providers take.
#pragma once

#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"

namespace halo {

// Appends. Text that holds no definition adds none. What is offered without a name (hosted tools,
// an entry that is masked or cut) is added without one. Texts are views of `text`, or of `json`
// until its Reset.
void ReadToolDefinitions(std::string_view text, JsonTrees& json, std::vector<ToolDefinition>& out);

}  // namespace halo
