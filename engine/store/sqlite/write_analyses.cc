// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/write_analyses.h"

#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/codec/facts_codec.h"
#include "engine/store/sqlite/trace_rows.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

// Whether the store has all blocks that a table of facts refers to. An empty one refers to none.
bool HasPayloads(Database& database, const std::string& facts) {
  if (facts.empty()) return true;
  std::vector<PayloadRef> refs;
  ValueOrThrow(DecodePayloadRefs(facts, refs));
  std::set<std::int64_t> blocks;
  for (const PayloadRef& ref : refs) blocks.insert(ref.block);
  for (const std::int64_t block : blocks) {
    if (database.Number("SELECT gone FROM loose_payloads WHERE id = ?", block) != 0) return false;
  }
  return true;
}

}  // namespace

void WriteAnalyses(Database& database, std::span<const AnalysedTrace> analyses) {
  State state = ReadState(database);
  FactsLog facts(database, state);
  SummaryLog summaries(database, state, state.sequence + 1);
  for (const AnalysedTrace& analysis : analyses) {
    KnownTrace trace = FindTrace(database, analysis.key);
    if (trace.id == 0 || trace.generation != analysis.generation) continue;
    // A payload may have moved since the analysis read the trace; it is analysed again.
    if (!HasPayloads(database, analysis.facts)) continue;
    if (!analysis.facts.empty()) {
      ReplaceSegments(database, facts, trace.id, analysis.facts, analysis.spans,
                      {analysis.versions.begin(), analysis.versions.end()});
      state.spans += analysis.spans - trace.spans;
      trace.spans = analysis.spans;
      trace.segments = 1;
    }
    const std::int64_t sequence =
        summaries.Add(analysis.summary, {trace.id, trace.arrived_ns, trace.source_set});
    summaries.Release(trace.summary);
    database.Run(
        "UPDATE traces SET summary = ?, stale = 0, spans = ?, analysed_spans = ?, segments = ? "
        "WHERE id = ?",
        sequence, trace.spans, trace.spans, trace.segments, trace.id);
  }
  facts.Finish();
  summaries.Finish();
  WriteState(database, state);
}

}  // namespace halo
