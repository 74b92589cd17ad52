// SPDX-License-Identifier: MIT
// An answer claims that its agent searched, checked or read a source ("I checked our records"),
// although nothing was called in the run before it, and what the agent was given holds no result
// and no earlier talk in which it could have called something. One finding a run, at the first such
// answer; the others are occurrences. English only. On labelled runs of research agents .29 to .92
// of the findings lay in a marked turn, where chance gives .16 to .41.
// Wasted: nothing, since the answer may be right.
// Eligible: traces with a model call that was offered tools, whose prompt was recorded in full.
#include <algorithm>

#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"
#include "engine/trace/prompt_steps.h"

namespace halo {
namespace {

// Whether what the prompt adds may be what was found elsewhere: a result, a call, or, in the first
// prompt of an agent, an answer that this trace does not hold.
bool AddsFindings(const Trace& trace, const PromptStep& step) {
  bool adds = false;
  if (step.before != -1) {
    ForEachNewest(trace, step, [&](const MessageFacts& message, std::uint32_t) {
      adds = adds || message.role == MessageRole::kTool;
    });
    return adds;
  }
  const MessagePool& pool = trace.words->messages();
  for (ContextId at = trace.spans[step.span].prompt; at != 0; at = pool.Before(at)) {
    const MessageRole role = pool[pool.Newest(at)].role;
    adds = adds || role == MessageRole::kTool || role == MessageRole::kAssistant;
  }
  return adds;
}

bool IsAction(const SpanFacts& span) {
  return span.kind == Kind::kTool || span.kind == Kind::kRetriever ||
         span.kind == Kind::kReranker || span.tool_call_count > 0;
}

// Calls use(llm) for each answer that was given before anything was called.
template <class Use>
void ForEachAnswerBeforeCalls(const Trace& trace, Use use) {
  const auto acts = std::find_if(trace.spans.begin(), trace.spans.end(), IsAction);
  const auto first_action = static_cast<SpanIndex>(acts - trace.spans.begin());
  for (const PromptStep& step : trace.turns.prompts) {
    if (step.span >= first_action || AddsFindings(trace, step)) break;
    const SpanFacts& span = trace.spans[step.span];
    if (!span.has_tool_definitions || span.answer == 0 || !IsWholePrompt(span)) continue;
    if (OnlySpeaks(trace, step.span)) use(step.span);
  }
}

// A run that calls something first could have claimed instead.
bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.prompts.begin(), trace.turns.prompts.end(),
                     [&](const PromptStep& step) {
                       const SpanFacts& span = trace.spans[step.span];
                       return span.has_tool_definitions && span.answer != 0 && IsWholePrompt(span);
                     });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  Finding* found = nullptr;
  ForEachAnswerBeforeCalls(trace, [&](SpanIndex llm) {
    if (!Says(trace, llm, Saying::kClaims)) return;
    if (found != nullptr) {
      ++found->occurrences;
      found->spans.push_back(llm);
      return;
    }
    found = &out.emplace_back();
    found->locus = LocusOf(trace, llm);
    found->signature = "claims a check without a call";
    found->opportunity = Opportunity::kAgent;
    found->spans = {llm};
    CiteSaying(trace, llm, Saying::kClaims, *found);
  });
}

}  // namespace

TraceDetector UnsupportedClaim() {
  return {.id = 18,
          .name = "unsupported_claim",
          .category = "answer",
          .severity = Severity::kLow,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{agent} claims that it checked, and called nothing",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
