// SPDX-License-Identifier: MIT
// Checksums of the pages of a database file. SQLite leaves the last eight bytes of each page free;
// a layer between it and the file (a VFS) keeps XXH3 64 of the other bytes and of the page's place
// there, and verifies it at each read, so that no bit of a file changes unseen.
#pragma once

#include <sqlite3.h>

#include "engine/store/sqlite/damage_log.h"

namespace halo {

// To be set with SQLITE_FCNTL_RESERVE_BYTES before a database has its first page.
inline constexpr int kPageCheckBytes = 8;

// The name to open databases with.
const char* CheckedVfs();

enum class OnBadPage : bool {
  kFail,    // the read fails with SQLITE_IOERR_DATA
  kReadOn,  // the page is used as it is: its rows have checksums of their own, or may be wrong
};

// Bad pages that this connection reads are noted in `log`, which outlives it. Without a call they
// fail, unnoted, and pages of a database that has no room for checksums are not looked at.
void WatchPages(sqlite3* connection, DamageLog& log, OnBadPage mode);

}  // namespace halo
