// SPDX-License-Identifier: MIT
#include "engine/analysis/align_turns.h"

#include <algorithm>
#include <utility>

namespace halo {
namespace {

// 0: not alike.
int Likeness(const TurnItem& a, const TurnItem& b) {
  if (a.kind != b.kind || a.name != b.name) return 0;
  if (a.request != b.request) return 2;
  return a.failed == b.failed && a.result == b.result ? 4 : 3;
}

TurnMatch MatchOf(int likeness) {
  return likeness == 4   ? TurnMatch::kSame
         : likeness == 3 ? TurnMatch::kOtherResult
                         : TurnMatch::kOtherArguments;
}

std::uint64_t ResultOf(const Trace& trace, const Turn& turn) {
  if (turn.action != -1) {
    const SpanFacts& span = trace.spans[turn.action];
    if (span.result_hash != 0) return span.result_hash;
  }
  return turn.result == 0 ? 0 : trace.words->messages()[turn.result].hash;
}

}  // namespace

std::vector<TurnItem> ItemsOf(const Trace& trace) {
  std::vector<std::pair<SpanIndex, TurnItem>> items;  // by the span that decides the order
  std::vector<bool> asks(trace.spans.size());
  for (const Turn& turn : trace.turns.all) {
    if (turn.asked_by != -1) asks[turn.asked_by] = true;
    const bool is_hand_off = turn.kind == ActionKind::kHandOff;
    if (turn.kind == ActionKind::kStep) continue;
    const StringId name = is_hand_off ? trace.agent[turn.action] : turn.tool;
    if (name == 0) continue;
    items.push_back(
        {turn.at(),
         {is_hand_off ? TurnItem::Kind::kHandOff : TurnItem::Kind::kCall, trace.Text(name),
          turn.at(), turn.asked_by, turn.request, ResultOf(trace, turn), turn.failed}});
  }
  for (const PromptStep& step : trace.turns.prompts) {
    const SpanFacts& span = trace.spans[step.span];
    if (asks[step.span] || span.tool_call_count > 0) continue;
    const MessageId answer =
        span.answer == 0 ? MessageId{0} : trace.words->messages().Newest(span.answer);
    items.push_back(
        {step.span,
         {TurnItem::Kind::kAnswer, trace.Text(trace.agent[step.span]), step.span, step.span, 0,
          answer == 0 ? 0 : trace.words->messages()[answer].hash, span.failed}});
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<TurnItem> out;
  out.reserve(items.size());
  for (const auto& [at, item] : items) out.push_back(item);
  return out;
}

std::vector<AlignedTurn> AlignTurns(std::span<const TurnItem> a, std::span<const TurnItem> b) {
  a = a.first(std::min(a.size(), kMostAligned));
  b = b.first(std::min(b.size(), kMostAligned));
  const std::size_t width = b.size() + 1;
  // best[i * width + j]: the most that the items from i and j on have in common.
  std::vector<std::int32_t> best((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      std::int32_t most = std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
      if (const int likeness = Likeness(a[i], b[j]); likeness > 0) {
        most = std::max(most, likeness + best[(i + 1) * width + j + 1]);
      }
      best[i * width + j] = most;
    }
  }
  std::vector<AlignedTurn> out;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const std::int32_t here = best[i * width + j];
    if (i < a.size() && j < b.size()) {
      const int likeness = Likeness(a[i], b[j]);
      if (likeness > 0 && here == likeness + best[(i + 1) * width + j + 1]) {
        out.push_back(
            {MatchOf(likeness), static_cast<std::int32_t>(i++), static_cast<std::int32_t>(j++)});
        continue;
      }
    }
    if (i < a.size() && (j == b.size() || here == best[(i + 1) * width + j])) {
      out.push_back({TurnMatch::kOnlyA, static_cast<std::int32_t>(i++), -1});
    } else {
      out.push_back({TurnMatch::kOnlyB, -1, static_cast<std::int32_t>(j++)});
    }
  }
  return out;
}

}  // namespace halo
