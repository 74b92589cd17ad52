// SPDX-License-Identifier: MIT
#include "tools/common/calibration.h"

#include <algorithm>
#include <string>

#include "tools/common/review_outcomes.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000, kMostLabels = 1000;
constexpr std::size_t kReasonBytes = 200;

std::optional<double> PartOf(std::int64_t part, std::int64_t all) {
  if (all == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

Result<std::vector<wire::OwnersExample>> OwnersExamples(Engine& engine, const Question& question,
                                                        std::size_t most) {
  std::vector<TraceKey> keys;
  std::string cursor;
  do {
    const Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (const TraceRow& row : page->rows) {
      if (row.outcome_rule == OutcomeRule::kLabel) keys.push_back(row.key);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty() && keys.size() < kMostLabels);
  const auto traces = engine.FindTraces(keys);
  if (!traces) return traces.error();
  std::vector<wire::OwnersExample> out;
  for (const Outcome wanted : {Outcome::kFailure, Outcome::kSuccess}) {
    const std::size_t room = wanted == Outcome::kFailure ? (most + 1) / 2 : most;
    for (const Result<LabelledTrace>& trace : *traces) {
      if (out.size() >= room) break;
      if (!trace || !trace->label || trace->label->outcome != wanted) continue;
      if (trace->label->why.empty() || trace->label->why == kVerdictReason) continue;
      out.push_back({TraceId(trace->key.trace_id), Words(OutcomeName(wanted)),
                     TraceName(trace->label->who), TraceText(trace->label->why, kReasonBytes)});
    }
  }
  return out;
}

Result<std::optional<wire::OutcomeAgreement>> AgreementWithOutcomes(Engine& engine,
                                                                    const ReviewBook& book) {
  std::vector<TraceKey> keys;
  for (const auto& [key, run] : book.notes()) {
    if (run.counting()->note.verdict != ReadVerdict::kUnsure) keys.push_back(key);
  }
  if (keys.empty()) return std::optional<wire::OutcomeAgreement>();
  const auto labelled = engine.FindTraces(keys);
  if (!labelled) return labelled.error();
  const auto summaries = engine.Summaries(keys);
  if (!summaries) return summaries.error();
  wire::OutcomeAgreement out;
  std::int64_t both = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Result<LabelledTrace>& trace = (*labelled)[i];
    const Result<TraceSummary>& summary = (*summaries)[i];
    if (!trace || !summary || summary->outcome == Outcome::kUnknown) continue;
    if (trace->label && trace->label->why == kVerdictReason) continue;
    const bool failed = summary->outcome == Outcome::kFailure;
    const bool bad = book.NotesOf(keys[i])->counting()->note.verdict == ReadVerdict::kBad;
    ++out.runs;
    both += failed && bad;
    out.bad_only += bad && !failed;
    out.failed_only += failed && !bad;
  }
  if (out.runs == 0) return std::optional<wire::OutcomeAgreement>();
  out.bad_and_failed = both;
  out.precision = PartOf(both, both + out.bad_only);
  out.recall = PartOf(both, both + out.failed_only);
  if (out.precision) {
    const ShareInterval interval = WilsonInterval(both, both + out.bad_only);
    out.precision_low = interval.low;
    out.precision_high = interval.high;
  }
  if (out.recall) {
    const ShareInterval interval = WilsonInterval(both, both + out.failed_only);
    out.recall_low = interval.low;
    out.recall_high = interval.high;
  }
  const std::int64_t one = out.bad_only + out.failed_only;
  if (const Kappa kappa = IntraclassKappa({both, one, out.runs - both - one}); kappa.known) {
    out.kappa = kappa.value;
    out.kappa_low = kappa.low;
    out.kappa_high = kappa.high;
  }
  return std::optional(out);
}

}  // namespace halo
