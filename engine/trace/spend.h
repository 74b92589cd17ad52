// SPDX-License-Identifier: MIT
// Which span's tokens and money count. Emitters report one call's usage at several levels: a
// wrapper repeats it, an agent or a chain sums it up, and some count only their last step. Usage
// counts at the deepest spans that carry it (semconv.md 5.3):
//
//   - A model call inside a model call is a call of its own when it names another model, or when it
//     reports more than the outer one. Otherwise the outer one is its wrapper.
//   - A wrapper, agent or chain that repeats or sums up what is below it counts nothing; one that
//     reports more counts the difference; one that reports less counted a part.
//   - An agent or chain that names a model which none below it names has called it itself.
//   - What runs in a tool call or in another agent is on that one's account, never part of the
//     model call that holds it.
//   - A cost that is reported only above the calls counts there, less what is known below.
#pragma once

#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// Fills spend, wraps_call and within_llm. `top_down`: parents before children, and children by
// start; the tree and the words must be there.
void AssignSpend(const std::vector<SpanIndex>& top_down, Trace& trace);

}  // namespace halo
