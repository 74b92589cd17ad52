// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/live_table.h"

#include <algorithm>
#include <cstdint>
#include <future>
#include <optional>
#include <vector>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/summaries/summary_codec.h"

namespace halo {
namespace {

constexpr std::int64_t kMostReserved = 1 << 20;  // rows for which memory is reserved in advance
constexpr std::int64_t kMostSources = 1 << 26;

void LoadSources(Database& db, SummaryTable& table) {
  std::vector<bool> source_complete;
  {
    Query rows = db.Ask("SELECT id FROM sources WHERE complete");
    while (rows.Step()) {
      if (rows.Int(0) < 0 || rows.Int(0) > kMostSources) continue;
      const auto id = static_cast<std::size_t>(rows.Int(0));
      if (id >= source_complete.size()) source_complete.resize(id * 2 + 16);
      source_complete[id] = true;
    }
  }
  std::vector<bool> complete;
  Query rows = db.Ask("SELECT id, members FROM source_sets");
  while (rows.Step()) {
    if (rows.Int(0) < 0 || rows.Int(0) > kMostSources) continue;
    const auto id = static_cast<std::size_t>(rows.Int(0));
    bool all = true;
    for (const std::int64_t member : ParseMembers(rows.Bytes(1))) {
      const auto at = static_cast<std::size_t>(member);
      all = all && at < source_complete.size() && source_complete[at];
    }
    if (id >= complete.size()) complete.resize(id * 2 + 16);
    complete[id] = all;
  }
  table.SetCompleteSources(std::move(complete));
}

void LoadLabels(Database& db, SummaryTable& table) {
  SummaryTable::Labels labels;
  // With max(), SQLite takes the other columns from the row of the maximum.
  Query rows =
      db.Ask("SELECT trace_id, project, outcome, max(id) FROM labels GROUP BY trace_id, project");
  while (rows.Step()) {
    labels.emplace(rows.Text(0), SummaryTable::Label{
                                     rows.Text(1), static_cast<Outcome>(rows.Int(2)), rows.Int(3)});
  }
  table.SetLabels(std::move(labels));
}

}  // namespace

void LiveTable::Refresh(Timings timings) {
  const std::lock_guard refreshing(refresh_mutex_);
  ReaderPool::Handle db = readers_.Take();
  Transaction transaction(*db, Transaction::Kind::kRead);
  const State state = ReadState(*db);
  if (state.repaired != seen_.repaired) {
    damage_.Clear();
    SummaryTable table(table_.has_timings() ? Timings::kRead : timings);
    Update(*db, State(), state, table);
    const std::unique_lock lock(table_mutex_);
    table_ = std::move(table);
  } else if (timings == Timings::kRead && !table_.has_timings()) {
    // Built apart from the old table, which others keep using meanwhile.
    SummaryTable table(timings);
    Update(*db, State(), state, table);
    const std::unique_lock lock(table_mutex_);
    table_ = std::move(table);
  } else if (state.sequence != seen_.sequence) {
    const std::unique_lock lock(table_mutex_);
    Update(*db, seen_, state, table_);
  }
  seen_ = state;
}

// Adds to the table what changed between two states.
void LiveTable::Update(Database& db, const State& from, const State& to, SummaryTable& table) {
  {
    Query blocks =
        db.Ask("SELECT id, traces, checksum, bytes FROM summaries WHERE id > ? ORDER BY id",
               from.sequence);
    const auto next = [&, detail = table.detail()]() -> std::optional<ColumnBlock> {
      while (blocks.Step()) {
        try {
          return ValueOrThrow(
              UnpackColumns(CheckedBlock(blocks, StoredPart::kSummary, blocks.Int(0), 2), detail));
        } catch (const DamagedPart& part) {
          damage_.Note(part.part, part.id, blocks.Int(1));
        }
      }
      return std::nullopt;
    };
    for (std::optional<ColumnBlock> block = next(); block;) {
      // Decompresses the next block on another thread meanwhile.
      auto following = std::async(std::launch::async | std::launch::deferred, next);
      const bool first = table.rows() == 0;
      ValueOrThrow(table.Add(*block));
      if (first) {
        table.Reserve(
            static_cast<std::size_t>(std::clamp<std::int64_t>(to.traces, 0, kMostReserved)));
      }
      block = following.get();
    }
  }
  if (from.sequence == 0) {
    const std::int64_t none = db.Number("SELECT count(*) FROM traces WHERE stale AND summary = 0");
    const std::int64_t missing = to.traces - none - static_cast<std::int64_t>(table.live_rows());
    if (missing > 0) damage_.Note(StoredPart::kMissingSummary, 0, missing);
  }
  {
    Query grown =
        db.Ask("SELECT id, arrived_ns, source_set FROM traces WHERE stale AND generation > ?",
               from.sequence);
    while (grown.Step()) table.Grow(grown.Int(0), grown.Int(1), grown.Int(2));
  }
  if (to.sources_changed > from.sources_changed) LoadSources(db, table);
  if (to.labels_changed > from.labels_changed) LoadLabels(db, table);
}

}  // namespace halo
