// SPDX-License-Identifier: MIT
#include "tools/common/review_outcomes.h"

#include <string>
#include <utility>
#include <vector>

namespace halo {
namespace {

Outcome OutcomeOf(const BookNote* note) {
  if (!note || note->note.verdict == ReadVerdict::kUnsure) return Outcome::kUnknown;
  return note->note.verdict == ReadVerdict::kGood ? Outcome::kSuccess : Outcome::kFailure;
}

}  // namespace

Result<std::int64_t> SetOutcomes(Engine& engine, const ReviewBook& book,
                                 std::span<const TraceKey> runs) {
  if (runs.empty()) return 0;
  const auto summaries = engine.Summaries(runs);
  if (!summaries) return summaries.error();
  const auto labelled = engine.FindTraces(runs);
  if (!labelled) return labelled.error();
  std::vector<Label> labels;
  std::int64_t set = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Result<LabelledTrace>& trace = (*labelled)[i];
    if (!trace || !(*summaries)[i]) continue;
    const bool by_verdict = trace->label && trace->label->why == kVerdictReason;
    if (!by_verdict && (*summaries)[i]->outcome != Outcome::kUnknown) continue;
    const RunNotes* const notes = book.NotesOf(runs[i]);
    const BookNote* const note = notes ? notes->counting() : nullptr;
    const Outcome outcome = OutcomeOf(note);
    if (outcome == (by_verdict ? trace->label->outcome : Outcome::kUnknown)) continue;
    set += outcome != Outcome::kUnknown;
    labels.push_back({runs[i], outcome, note ? note->who : "", std::string(kVerdictReason)});
  }
  if (labels.empty()) return 0;
  const Result<std::int64_t> put = engine.PutLabels(labels);
  if (!put) return put.error();
  return set;
}

}  // namespace halo
