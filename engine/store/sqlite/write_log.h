// SPDX-License-Identifier: MIT
// What a write transaction puts into the store besides rows: the store's counters, blocks of
// facts and blocks of summaries. Blocks hold what many traces wrote together, so that they
// compress well and are read with few reads.
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

// Thrown inside this folder; its error is what the verb returns.
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

// How many of the newest pieces are due to be made one, given their sizes, newest first; 0 for
// none. Pieces of a size class (powers of `fanout`) are united once there are `fanout` of them, so
// that each entry is copied once a class and few pieces remain.
std::size_t PickCompaction(std::span<const std::int64_t> sizes, std::int64_t fanout);

// Blocks of facts of one batch: the tables that came with it, and blocks that hold a small table
// for each segment.
class FactsLog {
 public:
  // In a block that is one table: the first row, and no length.
  struct Place {
    std::int64_t block = 0;
    std::int64_t offset = 0;
    std::int64_t length = 0;
  };

  // `tables` are compressed.
  FactsLog(Database& database, State& state, std::span<const std::string> tables = {});
  // A table of one segment.
  Place Add(std::string_view facts);
  // Rows of one of the tables.
  Place AddRows(std::size_t table, std::int64_t first_row);
  // Whether the block is of this batch, and may not be there yet.
  bool IsNew(std::int64_t block) const { return block >= first_block_; }
  // A segment no longer refers to this block of an earlier batch.
  void Release(std::int64_t block) { ++released_[block]; }
  void Finish();

 private:
  void Flush();

  Database& database_;
  State& state_;
  const std::int64_t first_block_;
  const std::span<const std::string> tables_;
  std::vector<std::int64_t> table_segments_;  // that refer to a table
  std::string pending_;
  BlockCompressor compressor_;
  std::int64_t pending_segments_ = 0;
  std::map<std::int64_t, std::int64_t> released_;
};

// Summaries as a log: every transaction adds a block, the last entry of a trace counts. A block's
// id is the last sequence that it covers, and a trace's row holds the sequence of its last entry.
class SummaryLog {
 public:
  SummaryLog(Database& database, State& state, std::int64_t generation)
      : database_(database), state_(state), generation_(generation) {}

  // The sequence to keep in the row of the trace.
  std::int64_t Add(const TraceSummary& summary, const TracePlace& place);
  // An entry of an earlier transaction that no longer counts.
  void Release(std::int64_t sequence);
  // After all rows are written. Advances the state's sequence.
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
