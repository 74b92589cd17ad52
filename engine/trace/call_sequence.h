// SPDX-License-Identifier: MIT
// The calls of one agent scope in time order, made comparable: what loops are looked for in.
// Pure functions of the trace; any thread.
//
// A call is a TOOL step. Model calls in between do not break a run of calls, as in real traces
// every call is asked for by one. In a scope without TOOL spans an LLM step that asks for calls
// stands for them. Thoughts never enter the comparison: agents reword them on every turn.
//
// Only calls of one scope are compared, and calls made inside another tool call only with each
// other. A message of the user between two calls ends the sequence: asking for the same thing
// again is then what was wanted. So does a call that waits for a person. Emitters that pass tool
// results as user messages show a new one after each call; where that is so throughout, it is a
// habit and means nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// Sequences by time of their first call: what BuildTrace fills Trace::calls with.
std::vector<CallSequence> FindCallSequences(const Trace& trace);

// Whether some sequence of the trace has so many calls.
bool HasCallSequence(const Trace& trace, std::size_t calls);

// A model call that another model call makes on the side (a guardrail, a router) and that asks for
// no tool: the agent's next step is the outer call's.
bool IsAside(const Trace& trace, SpanIndex step);

// The step with the wrappers of a model call that hold nothing else: one of them may carry the
// usage. Returns the outermost.
SpanIndex WholeStep(const Trace& trace, SpanIndex step);

// How a run ends, by the steps of all agents but those that a tool call ran.
struct RunEnd {
  SpanIndex last_step = -1;
  SpanIndex last_llm = -1;  // in the scope of the last step
};
RunEnd FindRunEnd(const Trace& trace);

// Adds the calls, and each model call all of whose calls are among them: nothing else came of it.
// `calls` are in the order of their sequence.
void AddWastedCalls(const Trace& trace, std::span<const CallStep> calls,
                    std::vector<SpanIndex>& wasted);

}  // namespace halo
