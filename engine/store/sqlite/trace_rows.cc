// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/trace_rows.h"

#include <algorithm>

#include "engine/store/sqlite/stored_block.h"

namespace halo {

KnownTrace FindTrace(Database& database, const TraceKey& key) {
  Query row = database.Ask(
      "SELECT id, generation, spans, segments, source_set, summary, arrived_ns FROM traces "
      "WHERE trace_id = ? AND project = ?",
      key.trace_id, key.project);
  if (!row.Step()) return {};
  return {row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6)};
}

void PutSegmentRow(Database& database, std::int64_t trace, const SegmentRow& row,
                   const std::vector<SpanVersion>& versions) {
  const std::string packed = PackVersions(versions);
  database.Run(
      "INSERT INTO segments (trace, number, spans, payload_base, facts, facts_offset, "
      "facts_length, versions, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      trace, row.number, row.spans, row.payload_base, row.facts, row.facts_offset, row.facts_length,
      Blob{packed}, SegmentChecksum(trace, row, packed));
}

void ReplaceSegments(Database& database, FactsLog& log, std::int64_t trace, std::string_view facts,
                     std::int64_t spans, std::vector<SpanVersion> versions) {
  std::int64_t number = 0;
  {
    Query rows = database.Ask(
        "SELECT number, facts, versions FROM segments WHERE trace = ? ORDER BY number", trace);
    while (rows.Step()) {
      number = rows.Int(0);
      log.Release(rows.Int(1));
      UnpackVersions(rows.Bytes(2), versions);
    }
  }
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  database.Run("DELETE FROM segments WHERE trace = ?", trace);
  const FactsLog::Place place = log.Add(facts);
  PutSegmentRow(database, trace, {number + 1, spans, 0, place.block, place.offset, place.length},
                versions);
}

}  // namespace halo
