// SPDX-License-Identifier: MIT
#include "engine/detectors/detector.h"

namespace halo {

Locus LocusOf(const Trace& trace, SpanIndex i) {
  const SpanFacts& span = trace.spans[i];
  Locus locus;
  locus.agent = trace.Text(trace.agent[i]);
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
