// SPDX-License-Identifier: MIT
// An answer plans or announces to call offered tools by their names, and the run ends well without
// a call of one of them by any agent. Only names that no other word resembles count: of two or more
// parts, or in the marks of code. Conditions ("if needed, I will use get_order") are no plans. One
// finding a run and tool, at the first plan. A run that failed, stopped at a limit or broke off did
// not get to it; what the last answer announces is stopped_early. English only. On labelled runs
// of research agents .24 to .80 of the findings lay in a marked turn, where chance gives .21 to
// .38.
// Wasted: nothing, since what the step would have changed is not known.
// Eligible: traces with a model call that was offered tools with names and whose answer was
// recorded.
#include <algorithm>
#include <set>
#include <string_view>

#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool Eligible(const Trace& trace) {
  return std::any_of(trace.spans.begin(), trace.spans.end(), [](const SpanFacts& span) {
    return span.kind == Kind::kLlm && span.has_tool_definitions && span.answer != 0;
  });
}

// What any agent called, span or not.
std::set<std::string_view> Called(const Trace& trace) {
  std::set<std::string_view> called;
  for (const Turn& turn : trace.turns.all) called.insert(trace.Text(turn.tool));
  const MessagePool& pool = trace.words->messages();
  for (const SpanFacts& span : trace.spans) {
    called.insert(trace.Text(span.tool));
    if (span.kind == Kind::kAgent) called.insert(trace.Text(span.agent));
    if (span.kind != Kind::kLlm || span.tool_call_count == 0) continue;
    for (ContextId at = span.answer; at != 0; at = pool.Before(at)) {
      for (const CallFacts& call : pool.CallsOf(pool[pool.Newest(at)])) {
        called.insert(trace.Text(call.tool));
      }
    }
  }
  return called;
}

bool EndedWell(const Trace& trace) {
  if (trace.root == -1 || trace.paused || trace.spans[trace.root].failed) return false;
  const RunEnd end = FindRunEnd(trace);
  return end.last_llm != -1 && OnlySpeaks(trace, end.last_llm) &&
         std::none_of(trace.spans.begin(), trace.spans.end(),
                      [](const SpanFacts& span) { return span.limit != 0; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const bool plans = std::any_of(trace.spans.begin(), trace.spans.end(),
                                 [](const SpanFacts& span) { return span.planned_tools != 0; });
  if (!plans || !EndedWell(trace)) return;
  const std::set<std::string_view> called = Called(trace);
  const SpanIndex last = FindRunEnd(trace).last_step;
  std::set<std::string_view> missed;
  for (const PromptStep& step : trace.turns.prompts) {
    std::string_view names = trace.Text(trace.spans[step.span].planned_tools);
    if (step.span == last && (Says(trace, last, Saying::kAnnounces) || WritesCall(trace, last))) {
      continue;
    }
    while (!names.empty()) {
      const std::string_view name = names.substr(0, names.find('\n'));
      names.remove_prefix(std::min(names.size(), name.size() + 1));
      if (called.contains(name) || !missed.insert(name).second) continue;
      Finding& finding = out.emplace_back();
      finding.locus = LocusOf(trace, step.span);
      finding.locus.tool = name;
      finding.locus.span_name.clear();
      finding.signature = "planned and never called";
      finding.opportunity = Opportunity::kAgent;
      finding.spans = {step.span};
      CiteSaying(trace, step.span, Saying::kPlans, finding);
      if (last != step.span)
        finding.Cite(EvidenceRole::kAnswer, last, trace.spans[last].output_quote);
    }
  }
}

}  // namespace

TraceDetector PlanNotFollowed() {
  return {.id = 17,
          .name = "plan_not_followed",
          .category = "call",
          .severity = Severity::kLow,
          .confidence = Confidence::kCandidate,
          .end_of_run = true,
          .title = "{agent} plans to call {tool} and never does",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
