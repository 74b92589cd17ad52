// SPDX-License-Identifier: MIT
// D1: at least 4 calls in a row of one scope with the same tool, the same canonical arguments and
// the same result (OpenHands' stuck detector, rule 1, over the whole run and without comparing
// thoughts). If no results are recorded, 5 calls with the same arguments (Gemini CLI).
// Wasted: all calls after the first, and the model calls that requested nothing else.
// Eligible: traces in which the agent called the tool, however often.
#include "engine/detectors/detector.h"
#include "engine/detectors/repeat_runs.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Repeat& repeat : FindRepeats(trace, RepeatKind::kSame)) {
    out.push_back(FindingOf(trace, repeat, "same_call_same_result"));
  }
}

}  // namespace

TraceDetector ExactRepeat() {
  return {.id = 1,
          .name = "exact_repeat",
          .category = "loop",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "{tool} is called again and again with the same arguments and result",
          .eligible = HasCalls,
          .find = Find};
}

}  // namespace halo
