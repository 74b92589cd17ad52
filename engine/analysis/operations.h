// SPDX-License-Identifier: MIT
// Roll-ups of one trace by operation. Pure functions of the trace; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/duration_bucket.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// The tool, or else the normalised name: equal for spans of the same operation.
inline StringId LabelOf(const SpanFacts& span) { return span.tool ? span.tool : span.operation; }

// By (kind, agent, name, model, role, prompt). Open spans count but have no duration; usage is
// counted at the spans that own it. `wasted`: of each span, or empty.
std::vector<OperationRollup> RollUp(const Trace& trace, std::span<const Waste> wasted);

}  // namespace halo
