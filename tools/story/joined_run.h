// SPDX-License-Identifier: MIT
// A run of one trace or, where sessions are the runs, of several, read as one. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/engine.h"
#include "tools/story/run_items.h"

namespace halo {

struct JoinedRun {
  std::vector<TraceReading> traces;   // by start, at least one; the first gives the run its key
  std::int64_t left_out = 0;          // traces in the middle of a long session
  RunText text;                       // of all traces
  std::vector<std::size_t> trace_of;  // along text.items, whose spans are those of this trace

  const TraceReading& first() const { return traces.front(); }
};

// The traces of the run that `trace` belongs to.
Result<JoinedRun> ReadJoinedRun(Engine& engine, TraceReading trace, std::stop_token stop = {});

// A run of this trace alone.
JoinedRun OneTrace(TraceReading trace);

// The text of the run, and to which trace each item belongs. What a trace repeats of those before
// it is left out.
void ReadText(Engine& engine, JoinedRun& run);

// The outcome that the strongest rule decided for any of the traces; of equally strong ones failure
// wins over success.
std::pair<Outcome, OutcomeRule> OutcomeOfRun(std::span<const TraceReading> traces);

}  // namespace halo
