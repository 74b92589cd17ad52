// SPDX-License-Identifier: MIT
#include "engine/detectors/answers.h"

#include <algorithm>
#include <array>

#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

constexpr std::array kInOrder = {Saying::kWrittenCall, Saying::kCallTag, Saying::kAnnounces,
                                 Saying::kMadeUp,      Saying::kClaims,  Saying::kPlans};

bool HasMark(const Trace& trace, SpanIndex llm, MessageMark mark) {
  const MessagePool& pool = trace.words->messages();
  for (ContextId at = trace.spans[llm].answer; at != 0; at = pool.Before(at)) {
    if (pool[pool.Newest(at)].Has(mark)) return true;
  }
  return false;
}

// Whether the text that the run returned is another one than the answer of its last model call, as
// far as both were recorded. Code may wrap an answer in JSON.
bool ReturnsOther(const Trace& trace, SpanIndex llm) {
  const MessagePool& pool = trace.words->messages();
  const ContextId said = trace.spans[llm].answer;
  if (said == 0) return false;
  const MessageFacts& answer = pool[pool.Newest(said)];
  for (const SpanIndex i : {trace.root, trace.ScopeOf(llm).agent_span}) {
    if (i == -1 || !trace.HoldsAnswer(i) || trace.spans[i].answer == 0) continue;
    const MessageFacts& returned = pool[pool.Newest(trace.spans[i].answer)];
    if (returned.hash == answer.hash) continue;
    const auto heads = pool.HeadsOf(returned);
    const auto own = pool.HeadsOf(answer);
    if (std::find_first_of(heads.begin(), heads.end(), own.begin(), own.end()) == heads.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool Says(const Trace& trace, SpanIndex llm, Saying saying) {
  switch (saying) {
    case Saying::kWrittenCall:
      return trace.spans[llm].written_call != 0;
    case Saying::kCallTag:
      return HasMark(trace, llm, MessageMark::kCallTag);
    case Saying::kAnnounces:
      return HasMark(trace, llm, MessageMark::kAnnounces);
    case Saying::kMadeUp:
      return HasMark(trace, llm, MessageMark::kMadeUp);
    case Saying::kClaims:
      return HasMark(trace, llm, MessageMark::kClaims);
    case Saying::kPlans:
      return trace.spans[llm].planned_tools != 0;
  }
  return false;
}

bool WritesCall(const Trace& trace, SpanIndex llm) {
  return Says(trace, llm, Saying::kWrittenCall) || Says(trace, llm, Saying::kCallTag);
}

void CiteSaying(const Trace& trace, SpanIndex llm, Saying saying, Finding& finding) {
  const SpanFacts& span = trace.spans[llm];
  const auto* const owner = std::find_if(kInOrder.begin(), kInOrder.end(), [&](Saying one) {
    return one == saying || Says(trace, llm, one);
  });
  const bool owns = owner != kInOrder.end() && *owner == saying && span.telling_quote.path != 0;
  finding.Cite(EvidenceRole::kAnswer, llm, owns ? span.telling_quote : span.output_quote);
}

bool HasTools(const Trace& trace, std::int32_t scope) {
  const auto& steps = trace.scopes[scope].steps;
  return std::any_of(steps.begin(), steps.end(), [&](SpanIndex step) {
    const SpanFacts& span = trace.spans[step];
    return span.kind == Kind::kTool || span.has_tool_definitions || span.tool_call_count > 0;
  });
}

std::vector<std::uint8_t> ScopesWithTools(const Trace& trace) {
  std::vector<std::uint8_t> have(trace.scopes.size(), 0);
  for (std::size_t s = 0; s < have.size(); ++s) {
    have[s] = HasTools(trace, static_cast<std::int32_t>(s));
  }
  return have;
}

bool OnlySpeaks(const Trace& trace, SpanIndex llm) {
  const SpanFacts& span = trace.spans[llm];
  if (span.failed || !span.has_output || span.output_blank || span.tool_call_count > 0)
    return false;
  if (span.finish == FinishClass::kToolCalls) return false;
  const auto turns = trace.turns.AskedBy(llm);
  return std::all_of(turns.begin(), turns.end(), [&](std::int32_t turn) {
    return trace.turns.all[turn].kind == ActionKind::kStep;
  });
}

SpanIndex LastWords(const Trace& trace) {
  if (trace.root == -1 || trace.paused || trace.spans[trace.root].failed) return -1;
  const RunEnd end = FindRunEnd(trace);
  if (end.last_step == -1 || end.last_step != end.last_llm) return -1;
  const SpanFacts& last = trace.spans[end.last_step];
  const SpanIndex agent = trace.ScopeOf(end.last_step).agent_span;
  if (agent != -1 && trace.spans[agent].failed) return -1;
  if (last.finish == FinishClass::kTruncated || last.finish == FinishClass::kRefusal) return -1;
  const bool limited = std::any_of(trace.spans.begin(), trace.spans.end(),
                                   [](const SpanFacts& span) { return span.limit != 0; });
  if (limited || !OnlySpeaks(trace, end.last_step)) return -1;
  return ReturnsOther(trace, end.last_step) ? -1 : end.last_step;
}

}  // namespace halo
