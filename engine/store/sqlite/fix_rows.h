// SPDX-License-Identifier: MIT
// The tables of fixes. Inside a transaction of the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "engine/model/fix.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// The statements that make the tables.
inline constexpr const char* kFixTables = R"sql(
CREATE TABLE fixes (
  number INTEGER PRIMARY KEY,       -- in the order in which they were recorded
  id TEXT NOT NULL UNIQUE,
  summary TEXT NOT NULL,
  source_commit TEXT NOT NULL,
  who TEXT NOT NULL,
  recorded_ns INTEGER NOT NULL,
  since_ns INTEGER NOT NULL,
  seed INTEGER NOT NULL,            -- of the draw
  drawn_from INTEGER NOT NULL
);
CREATE TABLE fix_targets (
  fix TEXT NOT NULL,
  target INTEGER NOT NULL,          -- position in the fix
  entry INTEGER NOT NULL,
  picked_from INTEGER NOT NULL,
  eligible INTEGER NOT NULL,        -- runs, when it was recorded
  affected INTEGER NOT NULL,
  PRIMARY KEY (fix, target)
) WITHOUT ROWID;
CREATE TABLE fix_modes (            -- the members of the targets
  fix TEXT NOT NULL,
  target INTEGER NOT NULL,
  is_effect INTEGER NOT NULL,
  position INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  PRIMARY KEY (fix, target, is_effect, position)
) WITHOUT ROWID;
CREATE TABLE fix_conditions (       -- of the runs that have the change
  fix TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (fix, position)
) WITHOUT ROWID;
CREATE TABLE fix_tasks (            -- the draw
  fix TEXT NOT NULL,
  position INTEGER NOT NULL,
  task TEXT NOT NULL,
  PRIMARY KEY (fix, position)
) WITHOUT ROWID;
CREATE TABLE fix_runs (             -- that entered the observations, by RunHash
  fix TEXT NOT NULL,
  target INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (fix, target, run)
) WITHOUT ROWID;
)sql";

// False, and nothing changes, if there is a fix of that id.
bool WriteFix(Database& database, const Fix& fix);
std::vector<Fix> ReadFixes(Database& database);
void WriteEnteredRuns(Database& database, std::string_view fix, std::size_t target,
                      std::span<const std::uint64_t> runs);
std::vector<std::set<std::uint64_t>> ReadEnteredRuns(Database& database, std::string_view fix);

// Copies what can be read from a damaged store to one without these rows. `attempt` runs each table
// and goes on after a failure.
void CopyFixes(Database& from, Database& to,
               const std::function<void(const std::function<void()>&)>& attempt);

}  // namespace halo
