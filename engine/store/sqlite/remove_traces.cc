// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/remove_traces.h"

#include <set>
#include <string>
#include <vector>

#include "engine/codec/facts_codec.h"
#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

class Remover {
 public:
  explicit Remover(Database& database)
      : database_(database), state_(ReadState(database)), facts_(database, state_) {}

  RemovalReceipt Run(std::span<const AgedTrace> traces) {
    ++state_.sequence;
    for (const AgedTrace& trace : traces) Remove(trace);
    facts_.Finish();
    NoteLoosePayloads();
    RewriteSummaries();
    // What readers keep of the removed traces is void.
    if (receipt_.traces > 0) state_.repaired = state_.labels_changed = state_.sequence;
    WriteState(database_, state_);
    return receipt_;
  }

 private:
  void Remove(const AgedTrace& trace) {
    std::int64_t id = 0, spans = 0, summary = 0;
    {
      Query row = database_.Ask(
          "SELECT id, spans, summary FROM traces WHERE trace_id = ? AND project = ? AND "
          "arrived_ns = ? AND NOT stale",
          trace.key.trace_id, trace.key.project, trace.arrived_ns);
      if (!row.Step()) return;
      id = row.Int(0);
      spans = row.Int(1);
      summary = row.Int(2);
    }
    ReleaseSegments(id);
    if (summary != 0) {
      summaries_.insert(
          database_.Number("SELECT id FROM summaries WHERE id >= ? ORDER BY id LIMIT 1", summary));
    }
    database_.Run("DELETE FROM segments WHERE trace = ?", id);
    database_.Run("DELETE FROM traces WHERE id = ?", id);
    database_.Run("INSERT OR IGNORE INTO removed_traces VALUES (?)",
                  static_cast<std::int64_t>(TraceKeyHash(trace.key)));
    // Labels of no particular project hold for the trace with this id in another project.
    database_.Run(
        "DELETE FROM labels WHERE trace_id = ?1 AND (project = ?2 OR (project = '' AND NOT EXISTS "
        "(SELECT 1 FROM traces WHERE trace_id = ?1)))",
        trace.key.trace_id, trace.key.project);
    // The notes quote the trace.
    database_.Run("DELETE FROM review_events WHERE trace_id = ? AND project = ? AND trace_id <> ''",
                  trace.key.trace_id, trace.key.project);
    --state_.traces;
    state_.spans -= spans;
    ++receipt_.traces;
    receipt_.spans += spans;
  }

  void ReleaseSegments(std::int64_t trace) {
    Query rows = database_.Ask(
        "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
        "checksum FROM segments WHERE trace = ?",
        trace);
    while (rows.Step()) {
      UnlessDamaged([&] {
        const SegmentRow row = CheckedSegment(rows);
        facts_.Release(row.facts);
        if (row.facts != loaded_) {
          block_ = LoadFacts(database_, row.facts);
          loaded_ = row.facts;
        }
        const StoredFacts table = ValueOrThrow(FactsIn(block_, row));
        refs_.clear();
        ValueOrThrow(DecodePayloadRefs(table.table, refs_));
        const RowRange range = table.rows.value_or(RowRange{0, refs_.size()});
        for (std::size_t i = range.first; i < range.first + range.count && i < refs_.size(); ++i) {
          payloads_.insert(refs_[i].block + row.payload_base);
        }
      });
    }
  }

  void NoteLoosePayloads() {
    for (const std::int64_t block : payloads_) {
      database_.Run("INSERT OR IGNORE INTO loose_payloads VALUES (?, 0)", block);
    }
  }

  // An older entry of a removed trace would count again, so that all blocks with such entries are
  // rewritten, too. TidySummaries leaves few.
  void RewriteSummaries() {
    if (receipt_.traces == 0) return;
    {
      Query rows = database_.Ask("SELECT id FROM summaries WHERE dead > 0");
      while (rows.Step()) summaries_.insert(rows.Int(0));
    }
    for (const std::int64_t block : summaries_) {
      UnlessDamaged([&] { DropDeadSummaries(database_, block); });
    }
  }

  Database& database_;
  State state_;
  FactsLog facts_;
  RemovalReceipt receipt_;
  std::set<std::int64_t> payloads_, summaries_;
  // The block of facts that was read last: traces that arrived together share one.
  std::int64_t loaded_ = 0;
  std::string block_;
  std::vector<PayloadRef> refs_;
};

}  // namespace

RemovalReceipt DeleteTraces(Database& database, std::span<const AgedTrace> traces) {
  return Remover(database).Run(traces);
}

void TidySummaries(const StoreAccess& store, std::stop_token stop) {
  std::vector<std::int64_t> blocks;
  store.read([&](Database& database) {
    Query rows = database.Ask("SELECT id FROM summaries WHERE dead > 0 ORDER BY id");
    while (rows.Step()) blocks.push_back(rows.Int(0));
  });
  for (const std::int64_t block : blocks) {
    if (stop.stop_requested()) return;
    store.write([&](Database& database) {
      if (database.Number("SELECT dead FROM summaries WHERE id = ?", block) == 0) return;
      UnlessDamaged([&] { DropDeadSummaries(database, block); });
    });
  }
}

std::int64_t ForgetRemovedTraces(Database& database) {
  const std::int64_t traces = database.Number("SELECT count(*) FROM removed_traces");
  if (traces == 0) return 0;
  database.Run("DELETE FROM removed_traces");
  database.Run(
      "UPDATE sources SET position = 0, size = 0, mtime_ns = 0, head_hash = 0, tail_hash = 0, "
      "resumable = 0");
  return traces;
}

}  // namespace halo
