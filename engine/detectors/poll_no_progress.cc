// SPDX-License-Identifier: MIT
// D5: at least 3 calls in a row of one tool in one scope whose results are equal although their
// arguments differ (OpenClaw's poll rule; agenttrace's fingerprint loop). If the arguments are
// equal too, exact_repeat reports it, from 4 calls on. Tools that act (tool_words.h) are excluded:
// "ok" for each of three writes is progress. error_cluster reports failed calls. A candidate, since
// equal results of different arguments may be right: of nine findings on service agents that were
// read by hand, eight asked for different things (docs/quality.md).
// Wasted: all calls after the first, and the model calls that requested nothing else.
// Eligible: traces in which the agent called the tool, however often.
#include "engine/detectors/detector.h"
#include "engine/detectors/repeat_runs.h"

namespace halo {
namespace {

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Repeat& repeat : FindRepeats(trace, RepeatKind::kPolling)) {
    out.push_back(FindingOf(trace, repeat, "same_result"));
  }
}

}  // namespace

TraceDetector PollNoProgress() {
  return {.id = 5,
          .name = "poll_no_progress",
          .category = "loop",
          .severity = Severity::kLow,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{tool} is asked again and again and always gives the same result",
          .eligible = HasCalls,
          .find = Find};
}

}  // namespace halo
