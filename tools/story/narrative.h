// SPDX-License-Identifier: MIT
// What happened in a trace, in a few sentences. Any thread.
#pragma once

#include <string>

#include "engine/model/trace_summary.h"
#include "schemas/explain_trace.h"

namespace halo {

// One line; needs trace, findings and first_failure of `out`.
Prose TraceHeadline(const TraceSummary& summary, const wire::ExplainTraceOutput& out);

// Needs all members of `out` except outline, notes and next.
Prose TraceNarrative(const TraceSummary& summary, const wire::ExplainTraceOutput& out);

}  // namespace halo
