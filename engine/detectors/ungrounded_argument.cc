// SPDX-License-Identifier: MIT
// The model invents an argument: the whole text of it is an id or a URL (value_origins.h) that no
// earlier message of its conversation holds, and the call failed or found nothing. Not numbers, not
// words within a longer text, and not tools that act (tool_words.h), whose arguments may be new. On
// labelled runs of research agents 67 % of the findings lay on a turn that a person had marked
// (chance 22 %); of runs with an outcome 2 % of the failed and 1 % of the passed had it.
// Wasted: the calls, and the model calls that requested nothing else.
// Eligible: traces with a call that has such an argument, after prompts that were recorded in full.
#include <algorithm>

#include "engine/detectors/tool_words.h"
#include "engine/detectors/turn_results.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

// Whether the origin of an argument of the turn is known, and whether any stood nowhere.
struct Grounds {
  bool known = false, invented = false;
};
Grounds GroundsOf(const Trace& trace, std::size_t index) {
  Grounds grounds;
  const Turn& turn = trace.turns.all[index];
  const CallFacts* const call = IsToolCall(turn) ? CallOf(trace, turn) : nullptr;
  if (call == nullptr || call->whole_values == 0 || NameActs(trace.Text(turn.tool))) return grounds;
  const auto values = trace.words->messages().ValuesOf(*call);
  for (const Origin& origin : trace.turns.OriginsOf(static_cast<std::int32_t>(index))) {
    const auto at = std::find(values.begin(), values.end(), origin.value) - values.begin();
    if (at >= 32 || (call->whole_values >> at & 1) == 0) continue;
    if (origin.kind == OriginKind::kUnknown) return {};
    grounds.known = true;
    grounds.invented = grounds.invented || origin.kind == OriginKind::kNowhere;
  }
  return grounds;
}

bool FoundNothing(const Trace& trace, const Turn& turn) {
  if (turn.failed) return true;
  for (const MessageFacts* const result : {RecordedResult(trace, turn), ShownResult(trace, turn)}) {
    if (result == nullptr) continue;
    if (result->Has(MessageMark::kFoundNothing) || result->Has(MessageMark::kError) ||
        result->Has(MessageMark::kStatusPage)) {
      return true;
    }
  }
  const MessageFacts* const shown = ShownResult(trace, turn);
  return shown != nullptr && shown->Has(MessageMark::kBlank);
}

bool Eligible(const Trace& trace) {
  for (std::size_t i = 0; i < trace.turns.all.size(); ++i) {
    if (GroundsOf(trace, i).known) return true;
  }
  return false;
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  FindingByTool findings(trace, out);
  for (std::size_t i = 0; i < trace.turns.all.size(); ++i) {
    const Turn& turn = trace.turns.all[i];
    if (!GroundsOf(trace, i).invented || !FoundNothing(trace, turn)) continue;
    if (Finding* const finding = findings.Add(turn)) {
      finding->signature = "invented argument";
      CiteTurn(trace, turn, *finding);
      if (turn.action != -1) finding->wasted = {turn.action};
      if (turn.calls == 1) finding->wasted.push_back(WholeStep(trace, turn.asked_by));
    }
  }
}

}  // namespace

TraceDetector UngroundedArgument() {
  return {.id = 28,
          .name = "ungrounded_argument",
          .category = "call",
          .severity = Severity::kMedium,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{tool} is called with an id that the model made up",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
