// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/store_check.h"

#include <functional>
#include <unordered_map>

#include "engine/codec/block_codec.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/summaries/summary_codec.h"

namespace halo {
namespace {

class Checker {
 public:
  Checker(Database& database, DamageLog& damage) : database_(database), damage_(damage) {}

  SoundParts Run() {
    Try([&] { CheckFile(); });
    Try([&] { CheckBlocks(StoredPart::kPayload, "SELECT id, checksum, bytes FROM payloads"); });
    Try([&] { CheckBlocks(StoredPart::kFacts, "SELECT id, checksum, bytes FROM facts"); });
    Try([&] { CheckSummaries(); });
    Try([&] { CheckSegments(); });
    Try([&] { CheckTraces(); });
    Try([&] { CheckCounts(); });
    return std::move(sound_);
  }

 private:
  // If a table cannot be read to its end, keeps the rows before that.
  void Try(const std::function<void()>& check) {
    try {
      check();
    } catch (const SqliteError&) {
      damage_.Note(StoredPart::kFile, 0);
    } catch (const StoreException&) {
      damage_.Note(StoredPart::kFile, 0);
    }
  }

  void CheckFile() {
    Query rows = database_.Ask("PRAGMA integrity_check");
    while (rows.Step()) {
      if (rows.Bytes(0) != "ok") damage_.Note(StoredPart::kFile, 0);
    }
  }

  void CheckBlocks(StoredPart part, const char* sql) {
    Query rows = database_.Ask(sql);
    while (rows.Step()) {
      try {
        const std::string_view block = CheckedBlock(rows, part, rows.Int(0), 1);
        // For payloads, which are most of the bytes, the checksum suffices.
        if (part == StoredPart::kFacts) ValueOrThrow(DecompressBlock(block));
        (part == StoredPart::kPayload ? sound_.payloads : sound_.facts).insert(rows.Int(0));
      } catch (const StoreException&) {
        damage_.Note(part, rows.Int(0));
      }
    }
  }

  void CheckSummaries() {
    Query rows = database_.Ask("SELECT id, traces, checksum, bytes FROM summaries ORDER BY id");
    while (rows.Step()) {
      try {
        SummaryColumns columns;
        ValueOrThrow(DecodeColumns(CheckedBlock(rows, StoredPart::kSummary, rows.Int(0), 2),
                                   Detail::kAll, columns));
        for (const std::int64_t trace : columns.trace_row) summarised_.insert(trace);
      } catch (const StoreException&) {
        damage_.Note(StoredPart::kSummary, rows.Int(0), rows.Int(1));
      }
    }
  }

  void CheckSegments() {
    Query rows = database_.Ask(
        "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
        "checksum FROM segments ORDER BY facts, facts_offset");
    while (rows.Step()) {
      const std::int64_t trace = rows.Int(0);
      try {
        const SegmentRow row = CheckedSegment(rows);
        const bool whole = HasPayloads(row);
        sound_.segments.emplace(std::pair(trace, row.number), whole);
        ++segments_of_[trace];
      } catch (const DamagedPart& part) {
        damage_.Note(part.part, part.id);
      } catch (const StoreException&) {
        damage_.Note(StoredPart::kSegment, trace);
      }
    }
  }

  bool HasPayloads(const SegmentRow& row) {
    if (!sound_.facts.contains(row.facts)) throw DamagedPart(StoredPart::kFacts, row.facts, "");
    if (row.facts != loaded_) {
      block_ = LoadFacts(database_, row.facts);
      loaded_ = row.facts;
      refs_of_ = nullptr;
    }
    const StoredFacts facts = ValueOrThrow(FactsIn(block_, row));
    if (!facts.rows || refs_of_ != facts.table.data()) {
      refs_.clear();
      ValueOrThrow(DecodePayloadRefs(facts.table, refs_));
      refs_of_ = facts.table.data();
    }
    const RowRange range = facts.rows.value_or(RowRange{0, refs_.size()});
    if (range.first > refs_.size() || range.count > refs_.size() - range.first) {
      throw DamagedPart(StoredPart::kFacts, row.facts, "");
    }
    bool whole = true;
    for (std::size_t i = range.first; i < range.first + range.count; ++i) {
      const auto block = static_cast<std::int64_t>(static_cast<std::uint64_t>(refs_[i].block) +
                                                   static_cast<std::uint64_t>(row.payload_base));
      if (sound_.payloads.contains(block)) continue;
      whole = false;
      damage_.Note(StoredPart::kPayload, block, ++lost_spans_[block]);
    }
    return whole;
  }

  void CheckTraces() {
    Query rows =
        database_.Ask("SELECT id, trace_id, project, checksum, segments, summary FROM traces");
    std::int64_t unsummarised = 0;
    while (rows.Step()) {
      const std::int64_t id = rows.Int(0);
      if (TraceChecksum(id, {rows.Text(2), rows.Text(1)}) != rows.Int(3)) {
        damage_.Note(StoredPart::kTrace, id);
        continue;
      }
      sound_.traces.insert(id);
      const auto segments = segments_of_.find(id);
      if (rows.Int(4) != (segments == segments_of_.end() ? 0 : segments->second)) {
        damage_.Note(StoredPart::kSegment, id);
      }
      unsummarised += rows.Int(5) != 0 && !summarised_.contains(id);
    }
    if (unsummarised > 0) damage_.Note(StoredPart::kMissingSummary, 0, unsummarised);
    std::int64_t orphans = 0;
    for (const auto& [trace, segments] : segments_of_) orphans += !sound_.traces.contains(trace);
    if (orphans > 0) damage_.Note(StoredPart::kMissingTrace, 0, orphans);
  }

  void CheckCounts() {
    const State state = ReadState(database_);
    if (state.traces != static_cast<std::int64_t>(sound_.traces.size())) {
      damage_.Note(StoredPart::kMissingTrace, 0,
                   state.traces - static_cast<std::int64_t>(sound_.traces.size()));
    }
  }

  Database& database_;
  DamageLog& damage_;
  SoundParts sound_;
  std::set<std::int64_t> summarised_;
  std::unordered_map<std::int64_t, std::int64_t> segments_of_, lost_spans_;
  std::int64_t loaded_ = 0;
  std::string block_;
  const char* refs_of_ = nullptr;
  std::vector<PayloadRef> refs_;
};

}  // namespace

SoundParts CheckStore(Database& database, DamageLog& damage) {
  return Checker(database, damage).Run();
}

}  // namespace halo
