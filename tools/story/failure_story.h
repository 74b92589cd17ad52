// SPDX-License-Identifier: MIT
// The first failure of a trace and its critical path, as explain_trace shows them. Any thread.
#pragma once

#include <vector>

#include "engine/analysis/first_failure.h"
#include "engine/trace/trace.h"
#include "schemas/explain_trace.h"

namespace halo {

// Without the quote.
wire::ExplainTraceOutput::FirstFailure ToWire(const Trace& trace, const FirstFailure& first);

// The operations that held up the end of the trace, longest first, at most `most`.
std::vector<wire::ExplainTraceOutput::PathPart> CriticalParts(const Trace& trace, std::size_t most);

}  // namespace halo
