// SPDX-License-Identifier: MIT
// D4: a sequence of 2 to 6 calls of one scope that repeats for at least 3 full rounds, each call
// with the same arguments and the same result as one round before (OpenHands' stuck detector, rule
// 4, generalised). If the tools of a round differ, the locus names them all, starting with the
// alphabetically first, so that a cycle is the same wherever a run enters it.
// Wasted: all calls after the first round, and the model calls that requested nothing else.
// Eligible: traces in which the agent called the tool, however often.
#include <string>

#include "engine/detectors/detector.h"
#include "engine/detectors/repeat_runs.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Repeat& repeat : FindRepeats(trace, RepeatKind::kCycle)) {
    out.push_back(FindingOf(trace, repeat, "period_" + std::to_string(repeat.period)));
  }
}

}  // namespace

TraceDetector Cycle() {
  return {.id = 4,
          .name = "cycle",
          .category = "loop",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "The agent goes round in circles with {tool} and sees the same results",
          .eligible = HasCalls,
          .find = Find};
}

}  // namespace halo
