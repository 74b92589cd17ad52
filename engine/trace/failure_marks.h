// SPDX-License-Identifier: MIT
// Failures that an emitter marks on the wrong span.
//
// Copies. Some instrumentations (OpenInference for the Vercel AI SDK) put the error of a failed
// tool on every later span of the trace too, although the run went on well. Of the spans with one
// error text, those with an exception event failed. A later span of the same instrumentation that
// has the text in its status only, and does not contain a span that failed so, is a copy once one
// such span proves that the instrumentation copies: it recorded a result or an answer. A root or
// agent above the failed span that ended with an answer is a copy then, too.
//
// Parts. The call of a tool that says nothing itself (no result, no failure, status not OK) failed
// - if its last part failed: a child of the same tool (call_parts.h has parts with other names);
// - else if the next model call in its scope was told so (SpanFacts::told_error).
#pragma once

#include "engine/trace/trace.h"

namespace halo {

// Requires the tree.
void ClearCopiedFailures(Trace& trace);
// Requires the tree and the scopes.
void TakeFailuresOfParts(Trace& trace);

}  // namespace halo
