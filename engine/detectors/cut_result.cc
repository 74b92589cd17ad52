// SPDX-License-Identifier: MIT
// The model is shown the beginning of a result only: the message that answers the call, by its id
// or by its text, begins as the recorded result does, and lacks more than a fifth and 500 bytes of
// it. Not judged: prompts and results that a limit of attributes may have cut, or of which no whole
// result was recorded; masked results. Not measured on labelled runs; on the example with this
// defect every finding was true.
// Wasted: nothing, since the part that was shown may have sufficed.
// Eligible: traces with a call of which both the result and the message that shows it were
// recorded.
#include <algorithm>

#include "engine/detectors/turn_results.h"

namespace halo {
namespace {

constexpr std::uint32_t kLeastLost = 500;  // bytes

bool IsJudged(const Trace& trace, const Turn& turn) {
  if (turn.kind != ActionKind::kTool || turn.failed) return false;
  if (turn.seen_basis != TurnBasis::kCallId && turn.seen_basis != TurnBasis::kText) return false;
  const MessageFacts* const whole = RecordedResult(trace, turn);
  const MessageFacts* const shown = ShownResult(trace, turn);
  return whole != nullptr && shown != nullptr && !whole->Has(MessageMark::kMasked) &&
         !shown->Has(MessageMark::kMasked) && SeesWholePrompt(trace, turn) &&
         !trace.spans[turn.action].clipped;
}

bool IsCut(const Trace& trace, const Turn& turn) {
  const MessageFacts& whole = *RecordedResult(trace, turn);
  const MessageFacts& shown = *ShownResult(trace, turn);
  if (shown.size >= whole.size || whole.size - shown.size < kLeastLost) return false;
  return shown.size < whole.size - whole.size / 5 &&
         BeginsAlike(trace.words->messages(), shown, whole);
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.all.begin(), trace.turns.all.end(),
                     [&](const Turn& turn) { return IsJudged(trace, turn); });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  FindingByTool findings(trace, out);
  for (const Turn& turn : trace.turns.all) {
    if (!IsJudged(trace, turn) || !IsCut(trace, turn)) continue;
    if (Finding* const finding = findings.Add(turn)) {
      finding->signature = "result is cut";
      CiteTurn(trace, turn, *finding);
    }
  }
}

}  // namespace

TraceDetector CutResult() {
  return {.id = 27,
          .name = "cut_result",
          .category = "context",
          .severity = Severity::kMedium,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "The model is shown only the beginning of what {tool} returns",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
