// SPDX-License-Identifier: MIT
// Runs that are sessions: the traces of one session read as one. A run is named by its first trace,
// whatever the filter with which it was found. Any thread.
#pragma once

#include <vector>

#include "engine/engine.h"

namespace halo {

// The traces of the run that a trace belongs to, by start: those of its session where the session
// is the run (UnitRule), else only itself. Just the trace if it is unknown.
Result<std::vector<TraceKey>> TracesOfRun(Engine& engine, const TraceKey& trace);

// Puts the run in the place of its traces: of the rows of one session, one row, with the key of the
// first trace of the session. Rows of other runs remain as they are.
Result<void> JoinSessions(Engine& engine, std::vector<TraceRow>& rows);

}  // namespace halo
