// SPDX-License-Identifier: MIT
// In the middle of a run, an answer says that its agent acts now ("Let me check the stock.") or
// writes a call of an offered tool into its text, and nothing follows before a user writes again.
// An agent that announces and ends is none, since the agent after it may act. One finding a run, at
// the first; the others are occurrences. At the end of the run it is stopped_early. Announcements
// are recognised in English. On labelled runs of research agents .60 of the findings lay in a
// marked turn, where chance gives .29; among service and coding agents 7 % of the failed runs had
// it and no passed one. Wasted: the calls that only announced. Eligible: traces in which an agent
// with tools gave an answer that was recorded.
#include <algorithm>

#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool Eligible(const Trace& trace) {
  const std::vector<std::uint8_t> has_tools = ScopesWithTools(trace);
  return std::any_of(
      trace.turns.prompts.begin(), trace.turns.prompts.end(), [&](const PromptStep& step) {
        return trace.spans[step.span].answer != 0 && has_tools[trace.scope[step.span]];
      });
}

// Whether the call reads the answer of the one before it and a user's reply, and no result.
bool RepliesTo(const Trace& trace, const PromptStep& step) {
  const MessagePool& pool = trace.words->messages();
  bool has_user = false, has_result = false;
  ForEachNewest(trace, step, [&](const MessageFacts& message, std::uint32_t) {
    has_user = has_user || message.role == MessageRole::kUser;
    has_result =
        has_result || message.role == MessageRole::kTool || message.Has(MessageMark::kRejects);
  });
  if (!has_user || has_result) return false;
  if (trace.spans[step.span].prompt_is_part) return true;
  ContextId at = trace.spans[step.span].prompt;
  while (at != 0 && pool.Length(at) > step.newest_begin) at = pool.Before(at);
  const ContextId answer = trace.spans[step.before].answer;
  return at != 0 && answer != 0 && pool[pool.Newest(at)].hash == pool[pool.Newest(answer)].hash;
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const SpanIndex last_words = LastWords(trace);
  const std::vector<std::uint8_t> has_tools = ScopesWithTools(trace);
  // The prompt that follows on each call's answer.
  std::vector<const PromptStep*> next(trace.spans.size(), nullptr);
  for (const PromptStep& step : trace.turns.prompts) {
    if (step.before != -1 && next[step.before] == nullptr) next[step.before] = &step;
  }
  Finding* found = nullptr;
  for (const PromptStep& step : trace.turns.prompts) {
    const SpanIndex llm = step.span;
    if (llm == last_words || !OnlySpeaks(trace, llm)) continue;
    const bool writes = WritesCall(trace, llm);
    if (!writes && !Says(trace, llm, Saying::kAnnounces)) continue;
    if (!has_tools[trace.scope[llm]]) continue;
    if (next[llm] == nullptr || !RepliesTo(trace, *next[llm])) continue;
    if (found != nullptr) {
      ++found->occurrences;
      found->spans.push_back(llm);
      found->wasted.push_back(WholeStep(trace, llm));
      continue;
    }
    found = &out.emplace_back();
    found->locus = LocusOf(trace, llm);
    found->signature = "announces an action, and nothing follows";
    found->opportunity = Opportunity::kAgent;
    found->spans = {llm};
    const Saying saying = Says(trace, llm, Saying::kWrittenCall) ? Saying::kWrittenCall
                          : writes                               ? Saying::kCallTag
                                                                 : Saying::kAnnounces;
    CiteSaying(trace, llm, saying, *found);
    found->wasted = {WholeStep(trace, llm)};
  }
}

}  // namespace

TraceDetector AnnouncedNotDone() {
  return {.id = 16,
          .name = "announced_not_done",
          .category = "call",
          .severity = Severity::kLow,
          .confidence = Confidence::kCandidate,
          .end_of_run = true,
          .title = "{agent} {signature}",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
