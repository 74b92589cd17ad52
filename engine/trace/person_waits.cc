// SPDX-License-Identifier: MIT
#include "engine/trace/person_waits.h"

#include <algorithm>
#include <vector>

namespace halo {
namespace {

// The steps of the agent whose run the span is; null if it is none.
const std::vector<SpanIndex>* StepsOf(const Trace& trace, SpanIndex span) {
  const auto scope = std::find_if(trace.scopes.begin(), trace.scopes.end(),
                                  [&](const Scope& s) { return s.agent_span == span; });
  return scope == trace.scopes.end() || scope->steps.empty() ? nullptr : &scope->steps;
}

bool IsLlm(const Trace& trace, SpanIndex step) { return trace.spans[step].kind == Kind::kLlm; }

// Whether what is new in the prompt holds a message of a user, after an answer of the model.
bool BeginsWithReply(const Trace& trace, SpanIndex llm) {
  const std::int32_t at = trace.turns.of_prompt[llm];
  if (at == -1) return false;
  const PromptStep& step = trace.turns.prompts[static_cast<std::size_t>(at)];
  const MessagePool& messages = trace.words->messages();
  bool has_user = false, has_answer = trace.spans[llm].prompt_is_part;
  for (ContextId list = trace.spans[llm].prompt; list != 0; list = messages.Before(list)) {
    const MessageRole role = messages[messages.Newest(list)].role;
    const bool is_new = messages.Length(list) > step.newest_begin;
    has_user = has_user || (is_new && role == MessageRole::kUser);
    has_answer = has_answer || (!is_new && role == MessageRole::kAssistant);
    if (has_answer && !is_new) break;
  }
  return has_user && has_answer;
}

bool WaitsForPerson(const Trace& trace, const PathGap& gap) {
  if (trace.agent[gap.before] != trace.agent[gap.after]) return false;
  const std::vector<SpanIndex>* const before = StepsOf(trace, gap.before);
  const std::vector<SpanIndex>* const after = StepsOf(trace, gap.after);
  if (before == nullptr || after == nullptr) return false;
  const SpanIndex last = before->back(), first = after->front();
  if (!IsLlm(trace, last) && !IsLlm(trace, first)) {
    return trace.spans[last].tool != 0 && trace.spans[last].tool == trace.spans[first].tool;
  }
  const bool answered = IsLlm(trace, last) && trace.spans[last].tool_call_count == 0;
  return answered && IsLlm(trace, first) && BeginsWithReply(trace, first);
}

}  // namespace

void LeaveOutPersonWaits(Trace& trace) {
  std::erase_if(trace.gaps, [&](const PathGap& gap) {
    if (!WaitsForPerson(trace, gap)) return false;
    if (gap.span != -1) {
      trace.critical_ns[gap.span] -= std::min(gap.ns, trace.critical_ns[gap.span]);
      trace.self_ns[gap.span] -= std::min(gap.ns, trace.self_ns[gap.span]);
    }
    return true;
  });
}

}  // namespace halo
