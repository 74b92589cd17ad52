// SPDX-License-Identifier: MIT
// An answer, or the code in a call, says that its data are assumed, simulated, hypothetical or a
// placeholder, and neither a user nor a tool spoke of such data before. One finding a run, at the
// first such answer; the others are occurrences. English only. On labelled runs of research agents
// .36 to .47 of the findings lay in a marked turn, where chance gives .16 to .34; on another set
// they were at chance.
// Wasted: nothing, since what true data would have cost is not known.
// Eligible: traces with a model call whose prompt and answer were recorded.
#include <algorithm>

#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"

namespace halo {
namespace {

bool WasAskedFor(const Trace& trace, SpanIndex llm) {
  const MessagePool& pool = trace.words->messages();
  for (ContextId at = trace.spans[llm].prompt; at != 0; at = pool.Before(at)) {
    if (pool[pool.Newest(at)].Has(MessageMark::kSpeaksOfMadeUp)) return true;
  }
  return false;
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.prompts.begin(), trace.turns.prompts.end(),
                     [&](const PromptStep& step) {
                       const SpanFacts& span = trace.spans[step.span];
                       return span.prompt != 0 && span.answer != 0;
                     });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  Finding* found = nullptr;
  for (const PromptStep& step : trace.turns.prompts) {
    const SpanIndex llm = step.span;
    if (trace.spans[llm].prompt == 0 || !Says(trace, llm, Saying::kMadeUp)) continue;
    if (found != nullptr) {
      ++found->occurrences;
      found->spans.push_back(llm);
      continue;
    }
    if (WasAskedFor(trace, llm)) return;
    found = &out.emplace_back();
    found->locus = LocusOf(trace, llm);
    found->signature = "assumed or simulated data";
    found->opportunity = Opportunity::kAgent;
    found->spans = {llm};
    CiteSaying(trace, llm, Saying::kMadeUp, *found);
  }
}

}  // namespace

TraceDetector MadeUpData() {
  return {.id = 19,
          .name = "made_up_data",
          .category = "answer",
          .severity = Severity::kLow,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{agent} works with assumed or simulated data",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
