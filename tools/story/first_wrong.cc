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

// The first call of the same tool that succeeded after all of these failed; -1 if there is none, or
// not all are failed calls of one tool.
SpanIndex RecoveredBy(const Trace& trace, std::span<const SpanIndex> failed) {
  SpanIndex last = -1;
  StringId tool = 0;
  for (const SpanIndex index : failed) {
    const SpanFacts& span = trace.spans[static_cast<std::size_t>(index)];
    if (!span.failed || span.tool == 0 || (tool != 0 && span.tool != tool)) return -1;
    tool = span.tool;
    last = std::max(last, index);
  }
  if (last == -1) return -1;
  const std::int64_t end_ns = trace.spans[static_cast<std::size_t>(last)].end_ns;
  for (std::size_t i = static_cast<std::size_t>(last) + 1; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    const bool is_call = trace.turns.of_action[i] != -1;
    if (is_call && span.tool == tool && !span.failed && span.start_ns >= end_ns) {
      return static_cast<SpanIndex>(i);
    }
  }
  return -1;
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
  std::vector<SpanIndex> spans;
  for (const std::string& id : first->span_ids) {
    if (index.at(id) != -1) spans.push_back(index.at(id));
  }
  const SpanIndex recovered = RecoveredBy(trace, spans);
  if (recovered != -1) out.turn.recovered_by = SpanIdText(trace, recovered);
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
