// SPDX-License-Identifier: MIT
// What a run did, for the contrast of cohorts (engine/model/behaviour.h). Errors by mode are not
// among them: the findings say them. Pure function; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// At most this many are kept of a run; of tools, agents and pairs the first ones.
inline constexpr std::size_t kMostBehaviours = 256;

// Sorted and distinct. Linear in the trace. `summary` must have its counts.
std::vector<std::string> FindBehaviours(const Trace& trace, const TraceSummary& summary);

}  // namespace halo
