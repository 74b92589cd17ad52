// SPDX-License-Identifier: MIT
#include "engine/detectors/detector.h"

namespace halo {

Locus LocusOf(const Trace& trace, SpanIndex i) {
  const SpanFacts& span = trace.spans[i];
  const Scope& scope = trace.ScopeOf(i);
  Locus locus;
  // Outside of any AGENT span the span itself may say whose it is.
  locus.agent = trace.Text(scope.agent_span == -1 && span.agent != 0 ? span.agent : scope.agent);
  if (span.kind == Kind::kTool && span.tool != 0) {
    locus.tool = trace.Text(span.tool);
  } else {
    const SpanIndex call = trace.within_call[i];
    if (call != -1) locus.tool = trace.Text(trace.spans[call].tool);
    locus.span_name = trace.Text(span.operation != 0 ? span.operation : span.name);
  }
  return locus;
}

}  // namespace halo
