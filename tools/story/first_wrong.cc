// SPDX-License-Identifier: MIT
#include "tools/story/first_wrong.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "engine/trace/turn_place.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

// The spans that the findings name, by id.
std::unordered_map<std::string_view, SpanIndex> IndexOf(
    const Trace& trace, std::span<const StoredFinding* const> findings) {
  std::unordered_map<std::string_view, SpanIndex> index;
  for (const StoredFinding* finding : findings) {
    for (const std::string& id : finding->span_ids) index.emplace(id, -1);
  }
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const auto found = index.find(trace.Text(trace.spans[i].span_id));
    if (found != index.end()) found->second = static_cast<SpanIndex>(i);
  }
  return index;
}

}  // namespace

std::optional<FirstWrong> FindFirstWrong(const Trace& trace,
                                         std::span<const StoredFinding* const> findings) {
  const auto index = IndexOf(trace, findings);
  const StoredFinding* first = nullptr;
  SpanIndex at = -1;
  TurnPlace place;
  for (const StoredFinding* finding : findings) {
    for (const std::string& id : finding->span_ids) {
      const SpanIndex span = index.at(id);
      if (span == -1) continue;
      const TurnPlace turn = FindTurnPlace(trace, span);
      if (first && std::tie(place.asked_by, at) <= std::tie(turn.asked_by, span)) continue;
      first = finding;
      at = span;
      place = turn;
    }
  }
  if (first == nullptr) return std::nullopt;
  FirstWrong out{first, {}};
  out.turn.mode_id = ModeIdText(first->mode);
  out.turn.span_id = SpanIdText(trace, at);
  out.turn.at_ms = OffsetMs(trace, trace.spans[static_cast<std::size_t>(at)]);
  const auto is_model_call = [&](SpanIndex span) {
    return span != -1 && trace.spans[static_cast<std::size_t>(span)].kind == Kind::kLlm;
  };
  if (is_model_call(place.asked_by)) {
    if (place.asked_by != at) out.turn.asked_by = SpanIdText(trace, place.asked_by);
    const std::int32_t step = trace.turns.of_prompt[static_cast<std::size_t>(place.asked_by)];
    if (step != -1) {
      out.turn.turn = step + 1;
      out.turn.turns = static_cast<std::int64_t>(trace.turns.prompts.size());
    }
  }
  if (is_model_call(place.seen_by)) out.turn.seen_by = SpanIdText(trace, place.seen_by);
  return out;
}

std::vector<TraceId> SpansToRead(const StoredFinding& finding, std::size_t most) {
  std::vector<StoredEvidence> evidence = finding.evidence;
  std::stable_sort(evidence.begin(), evidence.end(),
                   [](const auto& a, const auto& b) { return a.role < b.role; });
  std::vector<std::string> ids;
  for (const StoredEvidence& one : evidence) ids.push_back(one.quote.span_id);
  if (ids.empty()) ids = finding.span_ids;
  std::vector<TraceId> out;
  for (const std::string& id : ids) {
    const TraceId span(id);
    if (out.size() == most) break;
    if (IsPlainId(id) && std::find(out.begin(), out.end(), span) == out.end()) out.push_back(span);
  }
  return out;
}

}  // namespace halo
