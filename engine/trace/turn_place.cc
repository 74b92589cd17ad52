// SPDX-License-Identifier: MIT
#include "engine/trace/turn_place.h"

#include <algorithm>

#include "engine/trace/call_sequence.h"
#include "engine/trace/turns.h"

namespace halo {
namespace {

// Steps looked at to each side: those of other calls that ran at the same time are passed over.
constexpr int kMostSteps = 256;

// Whether a step is a model call with which a turn of `span` may begin or end.
bool Takes(const Trace& trace, SpanIndex step, SpanIndex within_call) {
  return trace.spans[step].kind == Kind::kLlm && trace.within_call[step] == within_call &&
         !IsSideCall(trace, step);
}

TurnPlace FindInScope(const Trace& trace, SpanIndex span, const Scope& scope) {
  TurnPlace place;
  const std::vector<SpanIndex>& steps = scope.steps;
  const SpanIndex within_call = trace.within_call[span];
  // Steps are sorted by time, as spans are.
  const auto after = std::upper_bound(steps.begin(), steps.end(), span);
  int left = kMostSteps;
  for (auto it = after; it != steps.begin() && left-- > 0;) {
    if (!Takes(trace, *--it, within_call)) continue;
    place.asked_by = *it;
    break;
  }
  left = kMostSteps;
  for (auto it = after; it != steps.end() && left-- > 0; ++it) {
    if (!Takes(trace, *it, within_call)) continue;
    place.seen_by = *it;
    break;
  }
  return place;
}

}  // namespace

TurnPlace FindTurnPlace(const Trace& trace, SpanIndex span) {
  if (trace.spans[span].kind != Kind::kLlm) {
    const Turn* const turn = TurnAround(trace, span);
    if (turn != nullptr && turn->asked_by != -1) return {turn->asked_by, turn->seen_by, false};
  }
  if (const SpanIndex around = trace.within_llm[span]; around != -1) span = around;
  SpanIndex at = span;
  TurnPlace place = FindInScope(trace, at, trace.ScopeOf(at));
  // Inside a call or an agent that no model call precedes, the turn is that of the call or agent.
  for (int depth = 0; place.asked_by == -1 && depth < kMostSteps; ++depth) {
    const SpanIndex outer =
        trace.within_call[at] != -1 ? trace.within_call[at] : trace.ScopeOf(at).agent_span;
    const SpanIndex next = outer == at && outer != -1 ? trace.parent[outer] : outer;
    if (next == -1) break;
    at = next;
    place = FindInScope(trace, at, trace.ScopeOf(at));
  }
  if (place.asked_by == -1) place.asked_by = at;
  place.asks = place.asked_by == span;
  return place;
}

}  // namespace halo
