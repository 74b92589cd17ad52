// SPDX-License-Identifier: MIT
#include "engine/analysis/lost_run.h"

#include <algorithm>
#include <vector>

#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

// Whether the run ended with the finding.
bool EndsRun(const Trace& trace, const RunEnd& end, const Finding& finding) {
  const SpanIndex at = finding.spans.front();
  if (end.last_step == -1 || at == end.last_step) return true;
  const SpanFacts& span = trace.spans[at];
  if (span.kind == Kind::kLlm && !trace.wraps_call[at]) return false;
  if (LacksTimes(span)) {
    SpanIndex up = end.last_step;
    while (up != -1 && up != at) up = trace.parent[up];
    return up == at || StartsAfter(span, trace.spans[end.last_step]);
  }
  const std::int64_t last_ns = trace.spans[end.last_step].start_ns;
  return span.end_ns == 0 || last_ns < span.end_ns || last_ns <= span.start_ns;
}

bool MayOwn(const FoundBy& found) {
  return found.detector->confidence != Confidence::kCandidate &&
         found.finding->tag != kDomainRefusal;
}

// Marks the spans of the run's last turn and all their descendants.
std::vector<std::uint8_t> LastTurn(const Trace& trace, const RunEnd& end) {
  std::vector<std::uint8_t> in_turn(trace.spans.size(), 0);
  if (end.last_step == -1) return in_turn;
  std::vector<SpanIndex> pending = {end.last_step};
  const CallStep* action = nullptr;
  for (const CallSequence& calls : trace.calls) {
    for (const CallStep& call : calls) {
      if (trace.within_call[call.span] != -1 || call.span > end.last_step) continue;
      if (trace.scope[call.span] != trace.scope[end.last_step]) continue;
      if (action == nullptr || call.span > action->span) action = &call;
    }
  }
  if (action != nullptr) {
    const SpanIndex from = action->asked_by == -1 ? action->span : action->asked_by;
    for (const SpanIndex step : trace.ScopeOf(end.last_step).steps) {
      if (step >= from && trace.within_call[step] == -1) pending.push_back(step);
    }
  }
  while (!pending.empty()) {
    const SpanIndex i = pending.back();
    pending.pop_back();
    if (in_turn[i]) continue;
    in_turn[i] = 1;
    const auto children = trace.Children(i);
    pending.insert(pending.end(), children.begin(), children.end());
  }
  return in_turn;
}

// Whether the wrappers around a failed span pass its error on to the root.
bool ReachesRoot(const Trace& trace, SpanIndex i) {
  while (trace.parent[i] != -1) {
    i = trace.parent[i];
    if (!trace.spans[i].failed || trace.error_root[i]) return false;
  }
  return i == trace.root;
}

}  // namespace

std::optional<std::size_t> OwnerOfLostRun(const Trace& trace, std::span<const FoundBy> found) {
  if (trace.root == -1) return std::nullopt;
  const RunEnd end = FindRunEnd(trace);
  std::vector<std::size_t> order(found.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return found[a].detector < found[b].detector;
  });
  std::optional<std::size_t> ending;
  for (const std::size_t i : order) {
    const FoundBy& one = found[i];
    if (!ending && one.detector->loses_run && MayOwn(one) && EndsRun(trace, end, *one.finding))
      ending = i;
  }
  const bool root_failed = trace.spans[trace.root].failed;
  if (!ending && !root_failed) return std::nullopt;

  const std::vector<std::uint8_t> in_turn = LastTurn(trace, end);
  const auto lies_in_turn = [&](SpanIndex i) { return in_turn[i] != 0; };
  for (const std::size_t i : order) {
    const Finding& finding = *found[i].finding;
    const TraceDetector& detector = *found[i].detector;
    if (detector.loses_run || detector.cost_only || !MayOwn(found[i])) continue;
    if (std::any_of(finding.spans.begin(), finding.spans.end(), lies_in_turn) ||
        std::any_of(finding.wasted.begin(), finding.wasted.end(), lies_in_turn)) {
      return i;
    }
  }
  if (ending) return ending;
  std::optional<std::size_t> latest;
  for (const std::size_t i : order) {
    if (!MayOwn(found[i])) continue;
    const std::vector<SpanIndex>& spans = found[i].finding->spans;
    const SpanIndex last = *std::max_element(spans.begin(), spans.end());
    if (!trace.spans[last].failed) continue;
    if (last == trace.root || ReachesRoot(trace, last)) return i;
    latest = latest.value_or(i);
  }
  return latest;
}

}  // namespace halo
