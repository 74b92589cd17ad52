// SPDX-License-Identifier: MIT
// Code that the model wrote prints a text of the model's own in place of doing something: the
// result of the call begins as a string or line in its arguments does, and is no longer than they
// are. Only tools that execute code, by name. The agent then takes what it wrote for an
// observation. On labelled runs of research agents 56 % of the findings lay on a turn that a person
// had marked (chance 42 %), on generated group chats 30 % (17 %).
// Wasted: the calls, and the model calls that requested nothing else.
// Eligible: traces with a call of such a tool whose arguments and result were recorded.
#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/ascii.h"
#include "engine/detectors/turn_results.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

constexpr std::string_view kExecuting[] = {"code",    "python",      "exec",
                                           "execute", "interpreter", "repl",
                                           "jupyter", "javascript",  "notebook"};

bool Executes(std::string_view tool) {
  const std::string lower = ascii::ToLower(tool);
  return std::any_of(std::begin(kExecuting), std::end(kExecuting),
                     [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

const CallFacts* JudgedCall(const Trace& trace, const Turn& turn) {
  if (!IsToolCall(turn) || turn.failed || !Executes(trace.Text(turn.tool))) return nullptr;
  const MessageFacts* const result = RecordedResult(trace, turn);
  if (result == nullptr || result->Has(MessageMark::kMasked)) return nullptr;
  return CallOf(trace, turn);
}

bool IsEcho(const Trace& trace, const Turn& turn, const CallFacts& call) {
  const MessagePool& messages = trace.words->messages();
  const MessageFacts& result = *RecordedResult(trace, turn);
  const auto heads = messages.HeadsOf(result);
  const auto written = messages.HeadsOf(call);
  // Of its beginning; a part of the code has a short head only.
  const auto own = heads.first(std::min<std::size_t>(heads.size(), 2));
  return result.size <= call.size && std::any_of(own.begin(), own.end(), [&](std::uint32_t head) {
           return std::find(written.begin(), written.end(), head) != written.end();
         });
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.all.begin(), trace.turns.all.end(),
                     [&](const Turn& turn) { return JudgedCall(trace, turn) != nullptr; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  FindingByTool findings(trace, out);
  for (const Turn& turn : trace.turns.all) {
    const CallFacts* const call = JudgedCall(trace, turn);
    if (call == nullptr || !IsEcho(trace, turn, *call)) continue;
    if (Finding* const finding = findings.Add(turn)) {
      finding->signature = "prints its own text";
      CiteTurn(trace, turn, *finding);
      finding->wasted = {turn.action};
      if (turn.calls == 1) finding->wasted.push_back(WholeStep(trace, turn.asked_by));
    }
  }
}

}  // namespace

TraceDetector EchoedAction() {
  return {.id = 31,
          .name = "echoed_action",
          .category = "call",
          .severity = Severity::kMedium,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{tool} only prints what the model wrote",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
