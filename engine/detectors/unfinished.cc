// SPDX-License-Identifier: MIT
// D21: the run broke off. Either its root never ended, or its last step is a tool call that the
// model requested and whose result it never saw, or a model call that requests a tool of the run
// and got neither a span nor a result for it, whatever the status of the root. Runs that end with a
// failure or a limit are reported by error_cluster and limit_hit. Not reported are calls that end a
// run by design (final_answer, submit, transfer_to_..., see tool_words.h), that wait for a person,
// or that code made after the model had given its answer; runs whose root or agent returns the
// tool's result as the answer (a text that shares no word with the results was written before
// them); and tools declared to return it (return_direct, stop_on_first_tool). A run that waits for
// an approval has not broken off. Steps inside a tool call belong to that call. Wasted: the spend
// of the lost run that no other finding claims (lost_run.h). Eligible: traces with a model call
// whose root is known.
#include <algorithm>
#include <set>

#include "engine/detectors/detector.h"
#include "engine/detectors/tool_words.h"
#include "engine/facts/telling_words.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool IsReportedElsewhere(const Trace& trace, const RunEnd& end) {
  if (trace.paused) return true;
  if (trace.spans[trace.root].failed || trace.spans[end.last_step].failed) return true;
  const SpanIndex agent = trace.ScopeOf(end.last_step).agent_span;
  if (agent != -1 && trace.spans[agent].failed) return true;
  return std::any_of(trace.spans.begin(), trace.spans.end(),
                     [](const SpanFacts& span) { return span.limit != 0; });
}

// Whether the model was asked again after an earlier call of the run's last tool.
bool GoesBackToModel(const Trace& trace, const RunEnd& end) {
  return std::any_of(trace.turns.all.begin(), trace.turns.all.end(), [&](const Turn& turn) {
    return turn.tool != 0 && turn.tool == trace.spans[end.last_step].tool && turn.seen_by != -1 &&
           turn.action != end.last_step && turn.scope == trace.scope[end.last_step];
  });
}

// Whether the text of span `i` shares no word with the results of the calls after the run's last
// model call, and so was written without them. A result of few words ("ok") cannot tell; then it
// was if the model was asked again after earlier calls of that tool, and not after this one.
bool IgnoresResults(const Trace& trace, SpanIndex i, const RunEnd& end) {
  const std::string_view words = trace.Text(trace.spans[i].answer_words);
  if (words.empty()) return false;
  bool after = false;
  for (const SpanIndex step : trace.ScopeOf(end.last_step).steps) {
    after = after || step == end.last_llm;
    if (!after || step == end.last_llm) continue;
    const WordSketch& result = trace.spans[step].result_words;
    const bool tells = result != WordSketch{} || trace.spans[step].result_bytes == 0;
    if (tells ? !SharesNoWord(result, words) : !GoesBackToModel(trace, end)) return false;
  }
  return true;
}

// Whether the result of the last tool is the answer: the root or the agent returns it, or the root,
// the agent or the tool is declared to end the run with it.
bool ResultIsAnswer(const Trace& trace, const RunEnd& end) {
  const SpanIndex agent = trace.ScopeOf(end.last_step).agent_span;
  for (const SpanIndex i : {trace.root, agent, end.last_step}) {
    if (i == -1) continue;
    if (trace.HoldsAnswer(i) && !IgnoresResults(trace, i, end)) return true;
    if (trace.spans[i].kind != Kind::kLlm && trace.spans[i].finish == FinishClass::kStop) {
      return true;
    }
  }
  return false;
}

bool AwaitsAnswer(const Trace& trace, const RunEnd& end) {
  const SpanFacts& step = trace.spans[end.last_step];
  if (step.kind != Kind::kTool || step.human_wait || end.last_llm == -1) return false;
  if (ResultIsAnswer(trace, end)) return false;
  const SpanFacts& llm = trace.spans[end.last_llm];
  // Some emitters record the finish reason of a call and not the call.
  const bool asks = llm.tool_call_count > 0 || llm.finish == FinishClass::kToolCalls;
  const bool answered = !asks && (llm.has_output || llm.finish == FinishClass::kStop);
  return !answered && !NameEndsRun(trace.Text(step.tool));
}

// Whether the last model call asks for a tool that was called before in the run, and the call has
// neither a span nor a result. A tool that the run never called may be no tool but the form of a
// structured answer.
bool AwaitsCall(const Trace& trace, const RunEnd& end) {
  if (end.last_step != end.last_llm || trace.spans[end.last_llm].tool_call_count == 0) return false;
  if (ResultIsAnswer(trace, end)) return false;
  std::set<StringId> called;
  for (const Turn& turn : trace.turns.all) {
    const bool happened = turn.action != -1 || turn.result != 0;
    if (happened && turn.scope == trace.scope[end.last_llm]) called.insert(turn.tool);
  }
  const auto asked = trace.turns.AskedBy(end.last_llm);
  return !asked.empty() && std::all_of(asked.begin(), asked.end(), [&](std::int32_t index) {
    const Turn& turn = trace.turns.all[index];
    const bool waits = turn.kind == ActionKind::kNoSpan && turn.result == 0 && turn.tool != 0;
    return waits && called.contains(turn.tool) && !NameEndsRun(trace.Text(turn.tool));
  });
}

bool Eligible(const Trace& trace) {
  return trace.root != -1 &&
         std::any_of(trace.spans.begin(), trace.spans.end(),
                     [](const SpanFacts& span) { return span.kind == Kind::kLlm; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const RunEnd end = FindRunEnd(trace);
  if (end.last_step == -1 || IsReportedElsewhere(trace, end)) return;
  const SpanFacts& root = trace.spans[trace.root];
  const SpanFacts& step = trace.spans[end.last_step];
  const bool root_open = root.parent_id == 0 && root.end_ns == 0;
  if (!root_open && !AwaitsAnswer(trace, end) && !AwaitsCall(trace, end)) return;
  Finding& finding = out.emplace_back();
  finding.locus = LocusOf(trace, root_open ? trace.root : end.last_step);
  finding.signature = root_open ? "root_never_ended" : "ends_on_tool_call";
  finding.opportunity = Opportunity::kAgent;
  finding.spans = {end.last_step};
  if (root_open && trace.root != end.last_step) finding.spans.push_back(trace.root);
  if (step.kind == Kind::kTool) {
    finding.Cite(EvidenceRole::kArguments, end.last_step, step.arguments_quote);
    if (const Turn* const turn = TurnAround(trace, end.last_step)) CiteTurn(trace, *turn, finding);
  } else {
    finding.Cite(EvidenceRole::kAnswer, end.last_step, step.output_quote);
  }
}

}  // namespace

TraceDetector Unfinished() {
  return {.id = 11,
          .name = "unfinished",
          .category = "end",
          .severity = Severity::kHigh,
          .confidence = Confidence::kProven,
          .end_of_run = true,
          .loses_run = true,
          .title = "Runs of {agent} break off without an answer",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
