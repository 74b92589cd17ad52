// SPDX-License-Identifier: MIT
// The tables of a store and how older ones become them.
#pragma once

#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/store/sqlite/database.h"

namespace halo {

int SchemaVersion();

// kCorrupt for a file that is no store, kUnsupported for a store of a newer program; the messages
// say which file it is and what to do.
Result<void> CheckSchema(Database& database, const std::string& path);

// Whether Migrate has anything to do.
bool NeedsMigration(Database& database);

// Brings the tables up to date in one transaction, step by step. The caller holds the lease.
void Migrate(Database& database);

// Migrate of a new file, with room for the checksums of its pages.
void MakeTables(Database& database);

// The same by a list of steps: step i, SQL, makes schema i + 1 of schema i.
void Migrate(Database& database, std::span<const char* const> steps);

}  // namespace halo
