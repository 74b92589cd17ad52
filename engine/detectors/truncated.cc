// SPDX-License-Identifier: MIT
// D17: a model's answer was cut at the token limit (finish reason length, max_tokens, MAX_TOKENS).
// Of nested model calls, the innermost counts.
// Wasted: the call whose answer was cut.
// Eligible: traces with a model call whose finish reason is known.
#include "engine/detectors/detector.h"
#include "engine/detectors/model_calls.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  AddFinished(trace, FinishClass::kTruncated, "cut_at_token_limit", out);
}

}  // namespace

TraceDetector Truncated() {
  return {.id = 2,
          .name = "truncated",
          .category = "end",
          .severity = Severity::kMedium,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "Model answers are cut off at the token limit in {tool}",
          .eligible = HasKnownFinish,
          .find = Find};
}

}  // namespace halo
