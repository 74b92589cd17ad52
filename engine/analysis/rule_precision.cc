// SPDX-License-Identifier: MIT
#include "engine/analysis/rule_precision.h"

#include <algorithm>

#include "engine/analysis/apply_rules.h"

namespace halo {

Confidence RulePrecision::confidence() const {
  return judged >= kFewestJudgedRuns && interval.low >= 0.5 ? Confidence::kLikely
                                                            : Confidence::kCandidate;
}

RulePrecision PrecisionOf(const Rule& rule, const ReviewBook& book,
                          std::span<const TraceSummary> noted) {
  RulePrecision out;
  const Category* const category = book.FindCategory(rule.category);
  out.known_category = category != nullptr;
  for (const TraceSummary& summary : noted) {
    const RunNotes* const notes = book.NotesOf({summary.project, summary.trace_id});
    if (!notes || notes->counting()->note.verdict == ReadVerdict::kUnsure) continue;
    if (!PassesByItself(rule.filter, summary)) continue;
    ++out.judged;
    const std::vector<ModeId>& shown = notes->counting()->categories;
    out.right += category && std::find(shown.begin(), shown.end(), category->id) != shown.end();
  }
  out.interval = WilsonInterval(out.right, out.judged);
  return out;
}

}  // namespace halo
