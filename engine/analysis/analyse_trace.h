// SPDX-License-Identifier: MIT
// Judges one trace: findings, waste, roll-ups, outcome.
#pragma once

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// Runs every detector, gives each wasted span one owner, and sums up. Of a run that has not ended
// nothing is said that only its end can tell.
TraceSummary AnalyseTrace(const Trace& trace, bool has_ended = true);

}  // namespace halo
