// SPDX-License-Identifier: MIT
#include "tools/story/owners_examples.h"

#include <algorithm>
#include <string>

#include "tools/common/calibration.h"
#include "tools/story/dossier.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000, kMostLabels = 1000;
constexpr std::size_t kReasonBytes = 200, kTurnBytes = 600;

}  // namespace

Result<std::vector<TraceKey>> ChooseExamples(Engine& engine, const ReviewBook& book,
                                             const Question& question, std::size_t most) {
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
  std::vector<const LabelledTrace*> labelled;
  for (const Result<LabelledTrace>& trace : *traces) {
    if (trace && trace->label && IsByPerson(book, *trace->label)) labelled.push_back(&*trace);
  }
  std::stable_partition(labelled.begin(), labelled.end(),
                        [](const LabelledTrace* one) { return !one->label->why.empty(); });
  most = std::min(most, (labelled.size() + 1) / 2);
  std::vector<TraceKey> out;
  for (const Outcome wanted : {Outcome::kFailure, Outcome::kSuccess}) {
    const std::size_t room = wanted == Outcome::kFailure ? (most + 1) / 2 : most;
    for (const LabelledTrace* const one : labelled) {
      if (out.size() < room && one->label->outcome == wanted) out.push_back(one->key);
    }
  }
  return out;
}

Result<std::vector<wire::OwnersExample>> ShowExamples(Engine& engine,
                                                      std::span<const TraceKey> runs) {
  std::vector<wire::OwnersExample> out;
  const auto traces = engine.FindTraces(runs);
  if (!traces) return traces.error();
  for (const Result<LabelledTrace>& trace : *traces) {
    if (!trace || !trace->label) continue;
    const Result<TraceReading> reading = engine.ReadTrace(trace->key);
    if (!reading) continue;
    const std::string turns = MakeDossier(ReadRun(engine, *reading), kTurnBytes).turns;
    out.push_back({TraceId(trace->key.trace_id), Words(OutcomeName(trace->label->outcome)),
                   TraceName(trace->label->who), TraceText(trace->label->why, kReasonBytes),
                   TraceText(turns, turns.size())});
  }
  return out;
}

}  // namespace halo
