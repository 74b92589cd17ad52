// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/schema.h"

#include <array>

#include "engine/store/sqlite/fix_rows.h"
#include "engine/store/sqlite/page_checks.h"

namespace halo {
namespace {

constexpr std::int64_t kApplicationId = 0x484d4350;  // "HMCP"
// Stores that development builds wrote before the first release. They used schemas 1 to 4.
constexpr std::int64_t kDevelopmentId = 0x48414c4f;  // "HALO"

// One row per trace, segment or block, never per span. `sequence` counts writes; readers record the
// sequence at which they read the data that they keep in memory.
constexpr const char* kTables = R"sql(
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  traces INTEGER NOT NULL,
  spans INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL,
  next_payload INTEGER NOT NULL,
  next_facts INTEGER NOT NULL,
  labels_changed INTEGER NOT NULL,  -- sequence of the last change
  sources_changed INTEGER NOT NULL,
  repaired INTEGER NOT NULL         -- what readers keep from before this sequence is void
);
INSERT INTO state VALUES (1, 0, 0, 0, 0, 1, 1, 0, 0, 0);

CREATE TABLE traces (
  id INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL,
  project TEXT NOT NULL,
  checksum INTEGER NOT NULL,        -- of the three columns above
  generation INTEGER NOT NULL,      -- sequence of the last append
  summary INTEGER NOT NULL,         -- sequence of the write of its summary; 0: none
  stale INTEGER NOT NULL,           -- grown since it was analysed
  spans INTEGER NOT NULL,
  analysed_spans INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  arrived_ns INTEGER NOT NULL,      -- of the newest segment
  source INTEGER NOT NULL,          -- of the newest segment; 0: none
  source_set INTEGER NOT NULL       -- of all segments
);
CREATE UNIQUE INDEX trace_keys ON traces (trace_id, project);
CREATE INDEX stale_traces ON traces (generation, id) WHERE stale;

CREATE TABLE segments (
  trace INTEGER NOT NULL,
  number INTEGER NOT NULL,          -- larger is newer
  spans INTEGER NOT NULL,
  payload_base INTEGER NOT NULL,    -- added to the payload blocks in its facts
  facts INTEGER NOT NULL,           -- block
  facts_offset INTEGER NOT NULL,    -- of its own table in the block, or its first row in a table
  facts_length INTEGER NOT NULL,    -- bytes of its own table; 0: segments share one table
  versions BLOB NOT NULL,           -- of all spans ever received, see known_versions.h
  checksum INTEGER NOT NULL,        -- of all other columns
  PRIMARY KEY (trace, number)
) WITHOUT ROWID;

-- Checksums of blocks: stored_block.h.
CREATE TABLE payloads (
  id INTEGER PRIMARY KEY,
  checksum INTEGER NOT NULL,
  bytes BLOB NOT NULL
);
CREATE TABLE facts (
  id INTEGER PRIMARY KEY,
  live INTEGER NOT NULL,            -- segments that still refer to it
  checksum INTEGER NOT NULL,
  bytes BLOB NOT NULL
);
CREATE TABLE summaries (
  id INTEGER PRIMARY KEY,           -- the last sequence that it covers
  traces INTEGER NOT NULL,
  dead INTEGER NOT NULL,            -- traces written again later
  checksum INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  position INTEGER NOT NULL,
  size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  head_hash INTEGER NOT NULL,
  tail_hash INTEGER NOT NULL,
  resumable INTEGER NOT NULL,
  complete INTEGER NOT NULL
);
CREATE TABLE source_sets (id INTEGER PRIMARY KEY, members TEXT NOT NULL UNIQUE);
CREATE TABLE rejects (
  source INTEGER NOT NULL,
  position INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (source, position, reason)
) WITHOUT ROWID;

CREATE TABLE labels (
  trace_id TEXT NOT NULL,
  project TEXT NOT NULL,            -- empty: any
  outcome INTEGER NOT NULL,
  PRIMARY KEY (trace_id, project)
) WITHOUT ROWID;
CREATE TABLE triages (
  mode INTEGER PRIMARY KEY,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  decided_ns INTEGER NOT NULL,
  expires_ns INTEGER NOT NULL
);
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)sql";

// Traces can be removed; labels keep who gave them, why and when; summaries count dialects.
constexpr const char* kSecondRelease = R"sql(
-- Traces that were removed, by TraceKeyHash: their spans are not accepted again.
CREATE TABLE removed_traces (key INTEGER PRIMARY KEY);
-- Blocks of payloads that removed traces referred to.
CREATE TABLE loose_payloads (
  id INTEGER PRIMARY KEY,
  gone INTEGER NOT NULL             -- deleted, or moved to other blocks
);

ALTER TABLE labels RENAME TO old_labels;
CREATE TABLE labels (               -- all that were ever given; of those of a trace the last counts
  id INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL,
  project TEXT NOT NULL,            -- empty: any
  outcome INTEGER NOT NULL,         -- 0: takes back the labels before it
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at_ns INTEGER NOT NULL
);
CREATE INDEX label_keys ON labels (trace_id, project);
INSERT INTO labels (trace_id, project, outcome, who, why, at_ns)
  SELECT trace_id, project, outcome, '', '', 0 FROM old_labels;
DROP TABLE old_labels;

-- Summaries have more columns: they are made again from the facts.
DELETE FROM summaries;
UPDATE traces SET summary = 0, stale = 1;
)sql";

// Summaries say in which turns findings lie.
constexpr const char* kThirdRelease = R"sql(
DELETE FROM summaries;
UPDATE traces SET summary = 0, stale = 1;
)sql";

// Summaries say what a run did.
constexpr const char* kSummariesWithBehaviours = R"sql(
DELETE FROM summaries;
UPDATE traces SET summary = 0, stale = 1;
)sql";

// THE LIST. Append only; never edit a step that was released.
constexpr std::array kSteps = {kTables, kSecondRelease, kThirdRelease, kFixTables,
                               kSummariesWithBehaviours};

}  // namespace

int SchemaVersion() { return static_cast<int>(kSteps.size()); }

Result<void> CheckSchema(Database& database, const std::string& path) {
  // Reads in one transaction, since another process may be creating the tables.
  const Transaction transaction(database, Transaction::Kind::kRead);
  const std::int64_t application = database.Number("PRAGMA application_id");
  const std::int64_t version = database.Number("PRAGMA user_version");
  const bool empty = database.Number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application == kDevelopmentId) {
    return Error{Code::kUnsupported, path +
                                         " was written by another version of halo-mcp, whose "
                                         "format this one does not read; delete it, or name "
                                         "another file with --store, and ingest the traces again"};
  }
  if (application != kApplicationId && !(empty && version == 0)) {
    return Error{Code::kCorrupt, path +
                                     " is an SQLite database of another program, not a halo-mcp "
                                     "store; name another file with --store"};
  }
  if (version > SchemaVersion()) {
    return Error{Code::kUnsupported, path + " was written by a newer halo-mcp: its schema is " +
                                         std::to_string(version) +
                                         ", this program knows schemas up to " +
                                         std::to_string(SchemaVersion()) +
                                         "; update halo-mcp, or name another file with --store"};
  }
  return {};
}

bool NeedsMigration(Database& database) {
  return database.Number("PRAGMA user_version") < SchemaVersion();
}

void Migrate(Database& database) { Migrate(database, kSteps); }

void MakeTables(Database& database) {
  // The size of pages and their reserved bytes can only be set before the first page exists.
  int room = kPageCheckBytes;
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &room);
  // So can the mode in which pages can be given back.
  database.Script(
      "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;");
  Migrate(database);
}

void Migrate(Database& database, std::span<const char* const> steps) {
  Transaction transaction(database, Transaction::Kind::kWrite);
  // Another process may have migrated while this one waited for the lease.
  const std::int64_t version = database.Number("PRAGMA user_version");
  for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
    database.Script(steps[step]);
  }
  database.Script(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  database.Script(("PRAGMA user_version = " + std::to_string(steps.size())).c_str());
  transaction.Commit();
}

}  // namespace halo
