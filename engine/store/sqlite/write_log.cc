// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/write_log.h"

#include <zstd.h>

#include <algorithm>

#include "engine/store/sqlite/stored_block.h"
#include "engine/summaries/summary_codec.h"

namespace halo {
namespace {

constexpr std::size_t kFactsBlock = 128 << 10;
// Traces per summary block: enough to compress well, few enough that reading one is cheap.
constexpr std::size_t kSummaryBlock = 1024;
constexpr std::int64_t kFanout = 8;
// A block of at least this size is not merged: a few transactions of an import make a full one.
constexpr std::int64_t kManySummaries = 256;

// For each row of the block with this id, whether it is the entry of its trace that counts. A
// trace's row has a sequence, whose entry is in the block with the first id at or after it.
std::vector<bool> LiveRows(Database& database, const SummaryColumns& columns, std::int64_t after,
                           std::int64_t block) {
  std::vector<bool> live(columns.size());
  std::map<std::int64_t, std::size_t> last;
  for (std::size_t row = 0; row < columns.size(); ++row) last[columns.trace_row[row]] = row;
  for (const auto& [trace, row] : last) {
    const std::int64_t sequence = database.Number("SELECT summary FROM traces WHERE id = ?", trace);
    live[row] = sequence > after && sequence <= block;
  }
  return live;
}

void PutFacts(Database& database, std::int64_t id, std::int64_t live, std::string_view block) {
  database.Run("INSERT INTO facts (id, live, checksum, bytes) VALUES (?, ?, ?, ?)", id, live,
               BlockChecksum(StoredPart::kFacts, id, block), Blob{block});
}

void PutSummaries(Database& database, std::int64_t id, std::int64_t traces,
                  std::string_view block) {
  database.Run("INSERT INTO summaries (id, traces, dead, checksum, bytes) VALUES (?, ?, 0, ?, ?)",
               id, traces, BlockChecksum(StoredPart::kSummary, id, block), Blob{block});
}

}  // namespace

State ReadState(Database& database) {
  Query row = database.Ask(
      "SELECT sequence, traces, spans, payload_bytes, next_payload, next_facts, labels_changed, "
      "sources_changed, repaired FROM state");
  if (!row.Step()) throw SqliteError(SQLITE_CORRUPT, "the state row is missing");
  return {row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4),
          row.Int(5), row.Int(6), row.Int(7), row.Int(8)};
}

void WriteState(Database& database, const State& state) {
  database.Run(
      "UPDATE state SET sequence = ?, traces = ?, spans = ?, payload_bytes = ?, next_payload = ?, "
      "next_facts = ?, labels_changed = ?, sources_changed = ?, repaired = ?",
      state.sequence, state.traces, state.spans, state.payload_bytes, state.next_payload,
      state.next_facts, state.labels_changed, state.sources_changed, state.repaired);
}

void PutPayload(Database& database, State& state, std::int64_t id, std::string_view block) {
  database.Run("INSERT INTO payloads (id, checksum, bytes) VALUES (?, ?, ?)", id,
               BlockChecksum(StoredPart::kPayload, id, block), Blob{block});
  const unsigned long long size = ZSTD_getFrameContentSize(block.data(), block.size());
  if (size < ZSTD_CONTENTSIZE_ERROR) state.payload_bytes += static_cast<std::int64_t>(size);
}

std::size_t PickCompaction(std::span<const std::int64_t> sizes, std::int64_t fanout) {
  const std::int64_t largest = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
  for (std::int64_t size_class = 1; size_class <= largest; size_class *= fanout) {
    std::size_t pieces = 0;
    std::int64_t sum = 0;
    while (pieces < sizes.size() && sizes[pieces] < size_class * fanout) sum += sizes[pieces++];
    // A few small pieces are not worth copying the big one before them.
    if (pieces >= static_cast<std::size_t>(fanout) && sum >= size_class * fanout / 2) {
      return pieces;
    }
  }
  return 0;
}

FactsLog::FactsLog(Database& database, State& state, std::span<const std::string> tables)
    : database_(database),
      state_(state),
      first_block_(state.next_facts),
      tables_(tables),
      table_segments_(tables.size()) {
  state_.next_facts += static_cast<std::int64_t>(tables.size());
}

FactsLog::Place FactsLog::AddRows(std::size_t table, std::int64_t first_row) {
  ++table_segments_[table];
  return {first_block_ + static_cast<std::int64_t>(table), first_row, 0};
}

FactsLog::Place FactsLog::Add(std::string_view facts) {
  if (pending_.size() >= kFactsBlock) Flush();
  const Place place{state_.next_facts, static_cast<std::int64_t>(pending_.size()),
                    static_cast<std::int64_t>(facts.size())};
  pending_.append(facts);
  ++pending_segments_;
  return place;
}

void FactsLog::Flush() {
  if (pending_segments_ == 0) return;
  PutFacts(database_, state_.next_facts, pending_segments_, compressor_.Compress(pending_));
  ++state_.next_facts;
  pending_.clear();
  pending_segments_ = 0;
}

void FactsLog::Finish() {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (table_segments_[i] == 0) continue;
    PutFacts(database_, first_block_ + static_cast<std::int64_t>(i), table_segments_[i],
             tables_[i]);
  }
  Flush();
  for (const auto& [block, segments] : released_) {
    database_.Run("UPDATE facts SET live = live - ? WHERE id = ?", segments, block);
    database_.Run("DELETE FROM facts WHERE id = ? AND live <= 0", block);
  }
}

void DropDeadSummaries(Database& database, std::int64_t block) {
  SummaryColumns live;
  {
    Query row =
        database.Ask("SELECT traces, dead, checksum, bytes FROM summaries WHERE id = ?", block);
    if (!row.Step()) return;
    if (row.Int(1) < row.Int(0)) {
      SummaryColumns all;
      ValueOrThrow(
          DecodeColumns(CheckedBlock(row, StoredPart::kSummary, block, 2), Detail::kAll, all));
      const std::int64_t before =
          database.Number("SELECT id FROM summaries WHERE id < ? ORDER BY id DESC LIMIT 1", block);
      AppendRows(all, LiveRows(database, all, before, block), live);
    }
  }
  // The next block would seem to cover the sequences of a deleted one, so a block is deleted only
  // when no row refers to its entries.
  database.Run("DELETE FROM summaries WHERE id = ?", block);
  if (live.size() == 0) return;
  PutSummaries(database, block, static_cast<std::int64_t>(live.size()), EncodeColumns(live, true));
}

std::int64_t SummaryLog::Sequence() const {
  return generation_ + static_cast<std::int64_t>((pending_.size() - 1) / kSummaryBlock);
}

std::int64_t SummaryLog::Add(const TraceSummary& summary, const TracePlace& place) {
  AppendSummary(summary, place, pending_);
  return Sequence();
}

void SummaryLog::Release(std::int64_t sequence) {
  if (sequence == 0) return;
  const std::int64_t block =
      database_.Number("SELECT id FROM summaries WHERE id >= ? ORDER BY id LIMIT 1", sequence);
  ++released_[block];
}

void SummaryLog::Finish() {
  state_.sequence = generation_;
  for (std::size_t begin = 0; begin < pending_.size(); begin += kSummaryBlock) {
    const std::size_t end = std::min(begin + kSummaryBlock, pending_.size());
    const std::int64_t id = generation_ + static_cast<std::int64_t>(begin / kSummaryBlock);
    std::string bytes;
    if (end - begin == pending_.size()) {
      bytes = EncodeColumns(pending_, true);
    } else {
      std::vector<bool> keep(pending_.size());
      std::fill(keep.begin() + static_cast<std::ptrdiff_t>(begin),
                keep.begin() + static_cast<std::ptrdiff_t>(end), true);
      SummaryColumns part;
      AppendRows(pending_, keep, part);
      bytes = EncodeColumns(part, true);
    }
    PutSummaries(database_, id, static_cast<std::int64_t>(end - begin), bytes);
    state_.sequence = id;
  }
  for (const auto& released : released_) {
    const std::int64_t block = released.first;
    database_.Run("UPDATE summaries SET dead = dead + ? WHERE id = ?", released.second, block);
    UnlessDamaged([&] { DropDeadRows(block); });
  }
  if (pending_.size() > 0) UnlessDamaged([&] { Compact(); });
}

// Rewrites a block without its dead entries once they are more than half of it.
void SummaryLog::DropDeadRows(std::int64_t block) {
  if (database_.Number("SELECT dead * 2 > traces FROM summaries WHERE id = ?", block) != 0) {
    DropDeadSummaries(database_, block);
  }
}

void SummaryLog::Compact() {
  std::vector<std::int64_t> ids, sizes, dead;
  {
    Query rows = database_.Ask("SELECT id, traces, dead FROM summaries ORDER BY id DESC LIMIT 64");
    std::int64_t sum = 0;
    while (rows.Step() && rows.Int(1) < static_cast<std::int64_t>(kSummaryBlock)) {
      sum += rows.Int(1);
      if (sum > static_cast<std::int64_t>(2 * kSummaryBlock)) break;
      ids.push_back(rows.Int(0));
      sizes.push_back(rows.Int(1));
      dead.push_back(rows.Int(2));
    }
  }
  std::size_t count = PickCompaction(sizes, kFanout);
  if (count == 0 && sizes.size() > 1 && sizes.front() >= kManySummaries) count = 2;
  if (count == 0) return;
  const std::int64_t newest = ids.front();
  const std::int64_t oldest = ids[count - 1];
  SummaryColumns all;
  {
    Query rows = database_.Ask(
        "SELECT id, checksum, bytes FROM summaries WHERE id BETWEEN ? AND ? ORDER BY id", oldest,
        newest);
    while (rows.Step()) {
      ValueOrThrow(DecodeColumns(CheckedBlock(rows, StoredPart::kSummary, rows.Int(0), 1),
                                 Detail::kAll, all));
    }
  }
  // Querying each row would take as long as everything else, and few are dead this early.
  dead.resize(count);
  if (std::any_of(dead.begin(), dead.end(), [](std::int64_t rows) { return rows > 0; })) {
    const std::int64_t before =
        database_.Number("SELECT id FROM summaries WHERE id < ? ORDER BY id DESC LIMIT 1", oldest);
    SummaryColumns live;
    AppendRows(all, LiveRows(database_, all, before, newest), live);
    all = std::move(live);
  }
  database_.Run("DELETE FROM summaries WHERE id BETWEEN ? AND ?", oldest, newest);
  PutSummaries(database_, newest, static_cast<std::int64_t>(all.size()), EncodeColumns(all, true));
}

}  // namespace halo
