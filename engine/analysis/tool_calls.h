// SPDX-License-Identifier: MIT
// The calls of tools in one trace, by tool. Pure function; any thread.
#pragma once

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// Fills in `calls` and `last_tool`. A call that a model asked for counts whether or not it has a
// span; a call and its transport, nested spans of one tool, count once. The last call is by the
// agents themselves and not by what a tool runs.
void CountToolCalls(const Trace& trace, TraceSummary& summary);

}  // namespace halo
