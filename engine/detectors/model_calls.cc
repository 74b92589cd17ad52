// SPDX-License-Identifier: MIT
#include "engine/detectors/model_calls.h"

#include <algorithm>

#include "engine/trace/call_sequence.h"

namespace halo {

bool HasKnownFinish(const Trace& trace) {
  return std::any_of(trace.spans.begin(), trace.spans.end(), [](const SpanFacts& span) {
    return span.kind == Kind::kLlm && span.finish != FinishClass::kUnknown;
  });
}

void AddFinished(const Trace& trace, FinishClass finish, std::string_view signature,
                 std::vector<Finding>& out) {
  for (const Scope& scope : trace.scopes) {
    for (const SpanIndex step : scope.steps) {
      const SpanFacts& facts = trace.spans[step];
      if (facts.kind != Kind::kLlm || facts.finish != finish) continue;
      Finding& finding = out.emplace_back();
      finding.locus = LocusOf(trace, step);
      finding.signature = signature;
      finding.spans = {step};
      finding.Cite(EvidenceRole::kAnswer, step,
                   facts.finish_quote.path != 0 ? facts.finish_quote : facts.output_quote);
      finding.wasted = {WholeStep(trace, step)};
    }
  }
}

}  // namespace halo
