// SPDX-License-Identifier: MIT
// The tables of a store, and the migration of older ones.
#pragma once

#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/store/sqlite/database.h"

namespace halo {

int SchemaVersion();

// kCorrupt for a file that is no store, kUnsupported for a store of a newer program or of a
// development build. The message names the file and says what to do.
Result<void> CheckSchema(Database& database, const std::string& path);

// Whether Migrate would change anything.
bool NeedsMigration(Database& database);

// Brings the tables up to date in one transaction. The caller holds the writer lease.
void Migrate(Database& database);

// Migrates a new file, reserving space for the checksums of its pages.
void MakeTables(Database& database);

// Migrates by a list of SQL steps: step i turns schema i into schema i + 1.
void Migrate(Database& database, std::span<const char* const> steps);

}  // namespace halo
