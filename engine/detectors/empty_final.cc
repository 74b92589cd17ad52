// SPDX-License-Identifier: MIT
// D20: the last answer of an agent is empty or white space and calls no tool, so the caller gets
// nothing. An answer that is empty because it was cut, refused or failed is reported by truncated,
// refusal or error_cluster. If the agent's own output holds an answer, nothing is missing.
// Wasted: the call that gave the empty answer; if that ended the run, also the spend of the lost
// run that no other finding claims (lost_run.h).
// Eligible: traces with a scope whose last step is a model call with a recorded answer.
#include <algorithm>

#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

// The last step that the agent itself took, if it is a model call with an answer; else -1.
SpanIndex FinalAnswer(const Trace& trace, const Scope& scope) {
  const auto last = std::find_if(scope.steps.rbegin(), scope.steps.rend(), [&](SpanIndex step) {
    return trace.within_call[step] == -1 && !IsSideCall(trace, step);
  });
  if (last == scope.steps.rend()) return -1;
  const SpanFacts& step = trace.spans[*last];
  return step.kind == Kind::kLlm && step.has_output ? *last : -1;
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.scopes.begin(), trace.scopes.end(),
                     [&](const Scope& scope) { return FinalAnswer(trace, scope) != -1; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Scope& scope : trace.scopes) {
    const SpanIndex answer = FinalAnswer(trace, scope);
    if (answer == -1) continue;
    const SpanFacts& step = trace.spans[answer];
    const SpanIndex speaker = scope.agent_span == -1 ? trace.root : scope.agent_span;
    if (trace.HoldsAnswer(speaker)) continue;
    if (!step.output_blank || step.failed || step.finish == FinishClass::kTruncated ||
        step.finish == FinishClass::kRefusal) {
      continue;
    }
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, answer);
    finding.signature = "empty_answer";
    finding.opportunity = Opportunity::kAgent;
    finding.spans = {answer};
    // An answer that is recorded as nothing at all leaves its finish reason.
    finding.Cite(EvidenceRole::kAnswer, answer,
                 step.output_quote.path != 0 ? step.output_quote : step.finish_quote);
    finding.wasted = {WholeStep(trace, answer)};
  }
}

}  // namespace

TraceDetector EmptyFinal() {
  return {.id = 10,
          .name = "empty_final",
          .category = "end",
          .severity = Severity::kHigh,
          .confidence = Confidence::kProven,
          .end_of_run = true,
          .loses_run = true,
          .title = "{agent} ends with an empty answer",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
