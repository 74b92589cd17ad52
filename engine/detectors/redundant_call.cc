// SPDX-License-Identifier: MIT
// The same tool is called with the same canonical arguments as before in the run and gives the same
// result, although nothing that acts (tool_words.h) came between, no user wrote, and the tool does
// not poll. What error_repeat, cycle, exact_repeat or poll_no_progress report is left to them
// (repeat_runs.h). Cost only: on labelled runs written by others such calls lay on marked turns no
// more often than chance (1 % against 4 %), and of runs with an outcome as many passed as failed
// had them.
// Wasted: the repeated calls, and the model calls that requested nothing else.
// Eligible: traces in which the agent called the tool, however often.
#include "engine/detectors/detector.h"
#include "engine/detectors/repeat_runs.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Repeat& repeat : FindRepeats(trace, RepeatKind::kRedundant)) {
    Finding& finding = out.emplace_back(FindingOf(trace, repeat, "same_call_again"));
    finding.occurrences = static_cast<std::int32_t>(repeat.calls.size()) - 1;
  }
}

}  // namespace

TraceDetector RedundantCall() {
  return {.id = 25,
          .name = "redundant_call",
          .category = "loop",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .cost_only = true,
          .title = "{tool} is called again for what the run already knows",
          .eligible = HasCalls,
          .find = Find};
}

}  // namespace halo
