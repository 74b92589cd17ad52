// SPDX-License-Identifier: MIT
// What failed first in a trace, what followed from it, and where the time went. Any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/trace/trace.h"
#include "schemas/explain_trace.h"

namespace halo {

struct FirstFailure {
  wire::ExplainTraceOutput::FirstFailure told;  // without its quote
  SpanIndex span = -1;
};

// The span that failed first for a cause of its own. Its cascade: ancestors that only passed it
// on, the same error again, and the other errors after it.
std::optional<FirstFailure> FindFirstFailure(const Trace& trace);

// The operations that held up the end of the trace, longest first, at most `most`.
std::vector<wire::ExplainTraceOutput::PathPart> CriticalParts(const Trace& trace, std::size_t most);

}  // namespace halo
