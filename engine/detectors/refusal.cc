// SPDX-License-Identifier: MIT
// D18: the provider or the model refused to answer (finish reason content_filter, refusal, safety).
// Of nested model calls, the innermost counts.
// Wasted: the refused call; if the run ends with it, also the spend of the lost run that no other
// finding claims (lost_run.h).
// Eligible: traces with a model call whose finish reason is known.
#include "engine/detectors/detector.h"
#include "engine/detectors/model_calls.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  AddFinished(trace, FinishClass::kRefusal, "refused", out);
}

}  // namespace

TraceDetector Refusal() {
  return {.id = 8,
          .name = "refusal",
          .category = "end",
          .severity = Severity::kHigh,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .loses_run = true,
          .title = "Model calls in {tool} are refused or blocked by a content filter",
          .eligible = HasKnownFinish,
          .find = Find};
}

}  // namespace halo
