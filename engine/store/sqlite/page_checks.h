// SPDX-License-Identifier: MIT
// Checksums of the pages of a database file. SQLite leaves the last eight bytes of each page free.
// A VFS (the layer between SQLite and the file) stores there the XXH3 of the other bytes and the
// page's position, and verifies it on every read, so that no bit changes unnoticed.
#pragma once

#include <sqlite3.h>

#include "engine/store/sqlite/damage_log.h"

namespace halo {

// Set this with SQLITE_FCNTL_RESERVE_BYTES before a database has its first page.
inline constexpr int kPageCheckBytes = 8;

// The name of the VFS.
const char* CheckedVfs();

enum class OnBadPage : bool {
  kFail,    // the read fails with SQLITE_IOERR_DATA
  kReadOn,  // the page is used unchanged, for callers that verify its rows
};

// Records bad pages that this connection reads in `log`, which must outlive it. Without this call
// reads of bad pages fail unrecorded, and pages without room for checksums are not verified.
void WatchPages(sqlite3* connection, DamageLog& log, OnBadPage mode);

}  // namespace halo
