// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/read_trace.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/guard.h"
#include "engine/store/sqlite/known_versions.h"
#include "engine/store/sqlite/look_up_trace.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/summaries/summary_codec.h"

namespace halo {
namespace {

std::vector<Label> LabelsOf(Database& database, const TraceKey& key) {
  std::vector<Label> labels;
  Query rows = database.Ask(
      "SELECT project, outcome, who, why, at_ns FROM labels "
      "WHERE trace_id = ? AND project IN (?, '') ORDER BY id",
      key.trace_id, key.project);
  while (rows.Step()) {
    labels.push_back({{rows.Text(0), key.trace_id},
                      static_cast<Outcome>(rows.Int(1)),
                      rows.Text(2),
                      rows.Text(3),
                      rows.Int(4)});
  }
  return labels;
}

// The block of summaries that was decoded last: traces that were analysed together share one.
struct SummaryBlock {
  std::int64_t id = 0;
  SummaryColumns columns;
};

Result<TraceSummary> SummaryOf(Database& db, const FoundTrace& found, SummaryBlock& block) {
  if (found.summary == 0) {
    return Error{Code::kUnavailable,
                 "trace " + Printable(found.key.trace_id) + " is not analysed yet"};
  }
  Query row = db.Ask("SELECT id, checksum, bytes FROM summaries WHERE id >= ? ORDER BY id LIMIT 1",
                     found.summary);
  if (row.Step() && row.Int(0) != block.id) {
    block = {};
    ValueOrThrow(DecodeColumns(CheckedBlock(row, StoredPart::kSummary, row.Int(0), 1), Detail::kAll,
                               block.columns));
    block.id = row.Int(0);
  }
  for (std::size_t i = block.columns.size(); i-- > 0;) {
    if (block.columns.trace_row[i] != found.id) continue;
    TraceSummary summary = SummaryAt(block.columns, i);
    const std::vector<Label> labels = LabelsOf(db, found.key);
    if (const Label* const label = LabelThatCounts(labels)) {
      summary.outcome = label->outcome;
      summary.outcome_rule = OutcomeRule::kLabel;
    }
    return summary;
  }
  return Error{Code::kCorrupt,
               "the summary of trace " + Printable(found.key.trace_id) + " is missing"};
}

}  // namespace

std::optional<SourcePosition> ReadSource(Query& row) {
  if (!row.Step()) return std::nullopt;
  const auto bits = [&](int column) { return static_cast<std::uint64_t>(row.Int(column)); };
  SourcePosition source;
  source.key = row.Text(0);
  source.offset = bits(1);
  source.size = bits(2);
  source.mtime_ns = row.Int(3);
  source.head_hash = bits(4);
  source.tail_hash = bits(5);
  source.resumable = row.Int(6) != 0;
  source.complete = row.Int(7) != 0;
  return source;
}

Result<StoredTrace> ReadTrace(Database& db, BlockCache& facts, const TraceKey& key) {
  const FoundTrace found = ValueOrThrow(LookUpTrace(db, key));
  StoredTrace trace;
  trace.key = found.key;
  trace.generation = found.generation;
  trace.stale = found.stale;
  trace.arrived_ns = found.arrived_ns;
  trace.segments = static_cast<std::int32_t>(found.segments);
  trace.words = std::make_shared<StringPool>();
  if (found.source != 0) {
    Query row = db.Ask(
        "SELECT key, position, size, mtime_ns, head_hash, tail_hash, resumable, complete "
        "FROM sources WHERE id = ?",
        found.source);
    trace.source = ReadSource(row);
  }
  trace.labels = LabelsOf(db, found.key);
  const std::int64_t spans = db.Number("SELECT sum(spans) FROM segments WHERE trace = ?", found.id);
  trace.spans.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(spans, 0, 1 << 20)));
  Query rows = db.Ask(
      "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
      "checksum FROM segments WHERE trace = ? ORDER BY number",
      found.id);
  std::vector<SpanVersion> versions;
  std::int64_t missing = found.segments;
  for (; rows.Step(); --missing) {
    const SegmentRow row = CheckedSegment(rows);
    const BlockCache::Bytes block = facts.Get(row.facts, [&] { return LoadFacts(db, row.facts); });
    ValueOrThrow(DecodeSegment(*block, row, *trace.words, trace.spans));
    UnpackVersions(rows.Bytes(7), versions);
  }
  if (missing > 0) throw DamagedPart(StoredPart::kSegment, found.id, "is missing");
  trace.revised_spans = RevisedSpans(std::move(versions));
  return trace;
}

std::vector<Result<LabelledTrace>> ReadLabelled(Database& db, DamageLog& damage,
                                                std::span<const TraceKey> keys) {
  std::vector<Result<LabelledTrace>> traces;
  traces.reserve(keys.size());
  for (const TraceKey& key : keys) {
    traces.push_back(Guarded(damage, [&]() -> Result<LabelledTrace> {
      LabelledTrace trace{ValueOrThrow(LookUpTrace(db, key)).key, std::nullopt};
      const std::vector<Label> labels = LabelsOf(db, trace.key);
      if (const Label* const label = LabelThatCounts(labels)) trace.label = *label;
      return trace;
    }));
  }
  return traces;
}

Result<TraceSummary> ReadSummary(Database& db, const TraceKey& key) {
  SummaryBlock block;
  return SummaryOf(db, ValueOrThrow(LookUpTrace(db, key)), block);
}

std::vector<Result<TraceSummary>> ReadSummaries(Database& db, DamageLog& damage,
                                                std::span<const TraceKey> keys) {
  std::vector<Result<TraceSummary>> summaries(keys.size(), Error{Code::kNotFound, {}});
  std::vector<std::pair<FoundTrace, std::size_t>> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Result<FoundTrace> trace = Guarded(damage, [&] { return LookUpTrace(db, keys[i]); });
    if (trace) {
      found.emplace_back(std::move(*trace), i);
    } else {
      summaries[i] = trace.error();
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.first.summary < b.first.summary; });
  SummaryBlock block;
  for (const auto& one : found) {
    summaries[one.second] = Guarded(damage, [&] { return SummaryOf(db, one.first, block); });
  }
  return summaries;
}

std::vector<StaleTrace> ReadStaleTraces(Database& db, std::size_t limit) {
  std::vector<StaleTrace> stale;
  Query rows = db.Ask(
      "SELECT project, trace_id, spans, analysed_spans, arrived_ns, coalesce(complete, 0) "
      "FROM traces LEFT JOIN sources ON sources.id = traces.source WHERE stale "
      "ORDER BY generation, traces.id LIMIT ?",
      static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
  while (rows.Step()) {
    stale.push_back(
        {{rows.Text(0), rows.Text(1)}, rows.Int(2), rows.Int(3), rows.Int(4), rows.Int(5) != 0});
  }
  return stale;
}

}  // namespace halo
