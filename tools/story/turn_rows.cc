// SPDX-License-Identifier: MIT
#include "tools/story/turn_rows.h"

#include <algorithm>

#include "engine/analysis/align_turns.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using Row = wire::CompareTracesOutput::Turn;

Words MatchName(TurnMatch match) {
  switch (match) {
    case TurnMatch::kSame:
      return "same";
    case TurnMatch::kOtherArguments:
      return "other_arguments";
    case TurnMatch::kOtherResult:
      return "other_result";
    case TurnMatch::kOnlyA:
      return "only_a";
    case TurnMatch::kOnlyB:
      return "only_b";
  }
  return {};
}

Words KindOf(const TurnItem& item) {
  return item.kind == TurnItem::Kind::kCall      ? "call"
         : item.kind == TurnItem::Kind::kHandOff ? "hand_off"
                                                 : "answer";
}

}  // namespace

TurnRows MakeTurnRows(const Trace& a, const Trace& b) {
  const std::vector<TurnItem> items_a = ItemsOf(a), items_b = ItemsOf(b);
  TurnRows out;
  out.cut = std::max(items_a.size(), items_b.size()) > kMostAligned;
  for (const AlignedTurn& aligned : AlignTurns(items_a, items_b)) {
    const TurnItem* const in_a =
        aligned.a == -1 ? nullptr : &items_a[static_cast<std::size_t>(aligned.a)];
    const TurnItem* const in_b =
        aligned.b == -1 ? nullptr : &items_b[static_cast<std::size_t>(aligned.b)];
    const bool is_same = aligned.match == TurnMatch::kSame;
    ++(is_same ? out.same : out.different);
    Row row;
    row.match = MatchName(aligned.match);
    row.kind = KindOf(in_a != nullptr ? *in_a : *in_b);
    row.name = TraceName(in_a != nullptr ? in_a->name : in_b->name);
    const bool a_failed = in_a != nullptr && in_a->failed;
    const bool b_failed = in_b != nullptr && in_b->failed;
    row.failed = a_failed && b_failed ? "both" : a_failed ? "a" : b_failed ? "b" : "";
    Row* const last = out.rows.empty() ? nullptr : &out.rows.back();
    if (is_same && last != nullptr && last->match == row.match && last->kind == row.kind &&
        last->name == row.name && last->failed == row.failed) {
      ++last->count;
      continue;
    }
    if (in_a != nullptr) row.a_span = SpanIdText(a, in_a->span);
    if (in_b != nullptr) row.b_span = SpanIdText(b, in_b->span);
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace halo
