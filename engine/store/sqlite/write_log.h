// SPDX-License-Identifier: MIT
// The parts of a write transaction besides rows: the store's counters, blocks of facts and blocks
// of summaries. A block holds the data of many traces that were written together, so that it
// compresses well and is read at once.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/block_codec.h"
#include "engine/store/sqlite/database.h"
#include "engine/summaries/summary_columns.h"

namespace halo {

// Thrown inside this folder. The verb returns its error.
struct StoreException {
  Error error;
};
template <class T>
T ValueOrThrow(Result<T> result) {
  if (!result) throw StoreException{result.error()};
  return std::move(*result);
}
inline void ValueOrThrow(const Result<void>& result) {
  if (!result) throw StoreException{result.error()};
}

struct State {
  std::int64_t sequence = 0, traces = 0, spans = 0, payload_bytes = 0;
  std::int64_t next_payload = 0, next_facts = 0;
  std::int64_t labels_changed = 0, sources_changed = 0, repaired = 0;
};
State ReadState(Database& database);
void WriteState(Database& database, const State& state);

// Adds a compressed block of spans and counts its bytes.
void PutPayload(Database& database, State& state, std::int64_t id, std::string_view block);

// How many of the newest pieces to merge into one, given their sizes, newest first; 0 for none.
// Pieces of a size class (powers of `fanout`) are merged once there are `fanout` of them, so each
// entry is copied once per class and few pieces remain (as in a log-structured merge tree).
std::size_t PickCompaction(std::span<const std::int64_t> sizes, std::int64_t fanout);

// Writes the blocks of facts of one batch: the tables that came with it, and blocks with a small
// table for each other segment.
class FactsLog {
 public:
  // If the block is one table: its first row, and length 0.
  struct Place {
    std::int64_t block = 0;
    std::int64_t offset = 0;
    std::int64_t length = 0;
  };

  // `tables`: compressed.
  FactsLog(Database& database, State& state, std::span<const std::string> tables = {});
  // Adds a table of one segment.
  Place Add(std::string_view facts);
  // Refers to rows of one of the tables.
  Place AddRows(std::size_t table, std::int64_t first_row);
  // Whether the block belongs to this batch, and may not be written yet.
  bool IsNew(std::int64_t block) const { return block >= first_block_; }
  // Records that a segment no longer refers to this block of an earlier batch.
  void Release(std::int64_t block) { ++released_[block]; }
  void Finish();

 private:
  void Flush();

  Database& database_;
  State& state_;
  const std::int64_t first_block_;
  const std::span<const std::string> tables_;
  std::vector<std::int64_t> table_segments_;  // the segments that refer to each table
  std::string pending_;
  BlockCompressor compressor_;
  std::int64_t pending_segments_ = 0;
  std::map<std::int64_t, std::int64_t> released_;
};

// Rewrites a block of summaries without the entries that no longer count; deletes it if none is
// left.
void DropDeadSummaries(Database& database, std::int64_t block);

// Writes summaries as a log: every transaction adds a block, and the last entry of a trace counts.
// A block's id is the last sequence that it covers; a trace's row has the sequence of its last
// entry.
class SummaryLog {
 public:
  SummaryLog(Database& database, State& state, std::int64_t generation)
      : database_(database), state_(state), generation_(generation) {}

  // Returns the sequence for the row of the trace.
  std::int64_t Add(const TraceSummary& summary, const TracePlace& place);
  // Records that an entry of an earlier transaction no longer counts.
  void Release(std::int64_t sequence);
  // Call this after all rows are written. Advances the state's sequence.
  void Finish();

 private:
  std::int64_t Sequence() const;
  void DropDeadRows(std::int64_t block);
  void Compact();

  Database& database_;
  State& state_;
  const std::int64_t generation_;
  SummaryColumns pending_;
  std::map<std::int64_t, std::int64_t> released_;  // by block
};

}  // namespace halo
