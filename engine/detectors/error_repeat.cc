// SPDX-License-Identifier: MIT
// D2: at least 3 calls in a row of one scope with the same tool and the same canonical arguments,
// all of which failed. The errors may differ (OpenHands' stuck detector, rule 2). error_cluster
// reports why the calls failed; this reports that the agent retries without changing anything.
// Wasted: all calls after the first, and the model calls that requested nothing else.
// Eligible: traces in which the agent called the tool, however often.
#include "engine/detectors/detector.h"
#include "engine/detectors/repeat_runs.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Repeat& repeat : FindRepeats(trace, RepeatKind::kFailing)) {
    out.push_back(FindingOf(trace, repeat, "same_call_fails"));
  }
}

}  // namespace

TraceDetector ErrorRepeat() {
  return {.id = 3,
          .name = "error_repeat",
          .category = "loop",
          .severity = Severity::kHigh,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "{tool} fails and is called again with the same arguments",
          .eligible = HasCalls,
          .find = Find};
}

}  // namespace halo
