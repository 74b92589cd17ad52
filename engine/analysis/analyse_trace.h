// SPDX-License-Identifier: MIT
// Judges one trace: findings, waste, roll-ups, outcome.
#pragma once

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// Runs every detector, gives each wasted span one owner, and sums up the trace. Skips detectors
// that judge the end of a run unless `has_ended`. Pure; any thread.
TraceSummary AnalyseTrace(const Trace& trace, bool has_ended = true);

}  // namespace halo
