// SPDX-License-Identifier: MIT
// Outputs of runs that are JSON and hold no answer. Pure function apart from the trees.
#pragma once

#include <string_view>

#include "engine/json/json_tree.h"

namespace halo {

// Whether the text is a list of tool calls (Vercel AI SDK at a limit of steps), or an object whose
// text is blank beside what a framework tells of the run (Mastra: {"text":"","files":[]}).
bool HoldsNoAnswer(std::string_view text, JsonTrees& json);

}  // namespace halo
