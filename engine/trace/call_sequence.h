// SPDX-License-Identifier: MIT
// The calls of one agent scope in time order and comparable form, in which detectors look for
// loops. Pure functions of the trace; any thread.
//
// A call is a TOOL step. Model calls in between do not end a sequence, since in real traces a model
// call requests each tool call. In a scope without TOOL spans, an LLM step that requests calls
// represents them. Thoughts are not compared: agents reword them on every turn.
//
// Only calls of one scope are compared, and calls inside a tool call only with each other. A user
// message between two calls ends the sequence, because then the user may have asked for the same
// thing again. A call that waits for a person also ends it. Some emitters pass tool results as user
// messages; if there is a new user message after every call, it is ignored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// The sequences, sorted by the time of their first call. BuildTrace stores them in Trace::calls.
std::vector<CallSequence> FindCallSequences(const Trace& trace);

bool HasCalls(const Trace& trace);

// Whether the step is a side call: a model call inside another model call, such as a guardrail or a
// router, that requests no tools. The agent continues with the outer call.
bool IsSideCall(const Trace& trace, SpanIndex step);

// The outermost wrapper of a model call that contains nothing else; a wrapper may carry the usage.
// For other steps, the step itself.
SpanIndex WholeStep(const Trace& trace, SpanIndex step);

// How a run ends, by the steps of all agents except those run by a tool call.
struct RunEnd {
  SpanIndex last_step = -1;
  SpanIndex last_llm = -1;  // last model call in the scope of last_step
};
RunEnd FindRunEnd(const Trace& trace);

// Adds the calls, and each model call that requested only such calls. `calls` must be in the order
// of their sequence.
void AddWastedCalls(const Trace& trace, std::span<const CallStep> calls,
                    std::vector<SpanIndex>& wasted);

}  // namespace halo
