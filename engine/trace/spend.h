// SPDX-License-Identifier: MIT
// Decides at which span tokens and cost count. Emitters report the usage of one call at several
// levels: a wrapper repeats it, an agent or a chain sums it up, and some count only their last
// step. Usage counts at the deepest spans that report it:
//
//   - A model call inside a model call is a separate call if it names another model or reports more
//     than the outer one. Otherwise the outer one is its wrapper.
//   - A wrapper, agent or chain that repeats or sums up the usage below it counts nothing; one that
//     reports more counts the difference; one that reports less has counted only a part.
//   - An agent or chain that names a model which no descendant names has called it directly.
//   - Usage inside a tool call or another agent belongs to that span, never to the model call that
//     contains it.
//   - A cost that is reported only above the calls counts there, minus the known cost below.
#pragma once

#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// Fills spend, wraps_call and within_llm. `top_down` lists parents before children, and children by
// start. Requires the tree and the string pool.
void AssignSpend(const std::vector<SpanIndex>& top_down, Trace& trace);

}  // namespace halo
