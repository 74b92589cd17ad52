// SPDX-License-Identifier: MIT
// Emitters write one call of a tool as several spans: a part of it has the name of the call and a
// suffix ("claude_code.tool", "claude_code.tool.execution"), or is the call to the MCP server whose
// tool the outer span names ("mcp__desk__find_order", "find_order"). The outer span represents the
// call, and fails if the last such part does; one that says by itself why it failed counts alone.
#pragma once

#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// Requires the tree and the string pool. `top_down` lists parents before children.
void UniteCallParts(const std::vector<SpanIndex>& top_down, Trace& trace);

// Gives a model call that names no model the one of the nearest span around it that names one.
void InheritModels(const std::vector<SpanIndex>& top_down, Trace& trace);

}  // namespace halo
