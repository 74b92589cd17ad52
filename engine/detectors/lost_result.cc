// SPDX-License-Identifier: MIT
// The result of a call never reaches the model: the harness drops it. The next prompt of the agent
// holds the message that asked for the call, by its id, but no later prompt holds the result, by
// its id or by its text, and the prompt shows fewer results than were asked for. Not judged:
// prompts that are cut or hold only what is new, calls without ids, blank results, calls that end a
// run. Not measured on labelled runs; on the example with this defect every finding was true.
// Wasted: the calls whose results were dropped.
// Eligible: traces with a call whose id and result were recorded, and whose next prompt was too.
#include <algorithm>
#include <iterator>

#include "engine/detectors/tool_words.h"
#include "engine/detectors/turn_results.h"
#include "engine/trace/prompt_steps.h"

namespace halo {
namespace {

bool IsJudged(const Trace& trace, const Turn& turn) {
  if (turn.kind != ActionKind::kTool || turn.asked_basis != TurnBasis::kCallId) return false;
  if (turn.call == -1 || RecordedResult(trace, turn) == nullptr) return false;
  if (trace.spans[turn.action].human_wait || NameEndsRun(trace.Text(turn.tool))) return false;
  return SeesWholePrompt(trace, turn) && IsWholePrompt(trace.spans[turn.seen_by]);
}

// The end of a prompt: the last message of the model, and the results that follow it.
struct Latest {
  std::vector<std::uint64_t> asked;  // ids of calls, sorted
  std::vector<std::uint32_t> heads;  // of what follows and answers none of them, sorted
  std::size_t results = 0;
};

Latest LatestOf(const Trace& trace, SpanIndex llm) {
  const MessagePool& messages = trace.words->messages();
  Latest latest;
  std::vector<const MessageFacts*> rest;
  for (ContextId at = trace.spans[llm].prompt; at != 0; at = messages.Before(at)) {
    const MessageFacts& message = messages[messages.Newest(at)];
    if (message.role == MessageRole::kAssistant) {
      for (const CallFacts& call : messages.CallsOf(message)) latest.asked.push_back(call.id);
      // Some write one message for each call of an answer.
      const ContextId before = messages.Before(at);
      if (latest.asked.empty() || before == 0) break;
      const MessageFacts& above = messages[messages.Newest(before)];
      if (above.role != MessageRole::kAssistant || messages.CallsOf(above).empty()) break;
      continue;
    }
    latest.results += message.role == MessageRole::kTool;
    rest.push_back(&message);
  }
  std::sort(latest.asked.begin(), latest.asked.end());
  // Results of one tool often begin alike, so those of other calls are left out.
  for (const MessageFacts* const message : rest) {
    if (std::binary_search(latest.asked.begin(), latest.asked.end(), message->call_id)) continue;
    const auto heads = messages.HeadsOf(*message);
    latest.heads.insert(latest.heads.end(), heads.begin(), heads.end());
  }
  std::sort(latest.heads.begin(), latest.heads.end());
  return latest;
}

bool IsLost(const Trace& trace, const Turn& turn, const Latest& latest) {
  const MessagePool& messages = trace.words->messages();
  const CallFacts* const call = CallOf(trace, turn);
  if (call == nullptr || call->id == 0 || latest.results >= latest.asked.size()) return false;
  if (!std::binary_search(latest.asked.begin(), latest.asked.end(), call->id)) return false;
  const auto heads = messages.HeadsOf(*RecordedResult(trace, turn));
  return std::none_of(heads.begin(), heads.end(), [&](std::uint32_t head) {
    return std::binary_search(latest.heads.begin(), latest.heads.end(), head);
  });
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.all.begin(), trace.turns.all.end(),
                     [&](const Turn& turn) { return IsJudged(trace, turn); });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const std::size_t before = out.size();
  FindingByTool findings(trace, out);
  SpanIndex read = -1;
  Latest latest;
  for (const Turn& turn : trace.turns.all) {
    if (!IsJudged(trace, turn) || turn.result != 0) continue;
    if (turn.seen_basis != TurnBasis::kOrder) continue;
    // The calls of an answer follow one another.
    if (read != turn.seen_by) latest = LatestOf(trace, read = turn.seen_by);
    if (!IsLost(trace, turn, latest)) continue;
    if (Finding* const finding = findings.Add(turn)) {
      finding->signature = "result is dropped";
      CiteTurn(trace, turn, *finding);
      finding->Cite(EvidenceRole::kAnswer, turn.seen_by, trace.spans[turn.seen_by].output_quote);
    }
  }
  for (std::size_t i = before; i < out.size(); ++i) out[i].wasted = out[i].spans;
}

}  // namespace

TraceDetector LostResult() {
  return {.id = 26,
          .name = "lost_result",
          .category = "context",
          .severity = Severity::kMedium,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "What {tool} returns never reaches the model",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
