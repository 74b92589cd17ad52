// SPDX-License-Identifier: MIT
// Whether two runs had the same models, version, prompts and tools. Pure; any thread.
#pragma once

#include <vector>

#include "engine/model/trace_summary.h"
#include "schemas/compare_traces.h"

namespace halo {

// One row for each of them that a run records. The variation is 0 or 1, and absent where one of the
// runs does not record it.
std::vector<wire::CompareTracesOutput::Drift> SetupDrift(const TraceSummary& a,
                                                         const TraceSummary& b);

}  // namespace halo
