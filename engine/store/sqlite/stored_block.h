// SPDX-License-Identifier: MIT
// Checksums of what a store holds, XXH3 64, each also over the place of the part, so that one part
// does not pass for another. Pages have theirs as well (page_checks.h); these name what is lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

// Thrown where a part of the store is missing or does not pass its checksum.
struct DamagedPart : StoreException {
  DamagedPart(StoredPart of, std::int64_t number, std::string_view what);
  StoredPart part;
  std::int64_t id;
};

std::int64_t BlockChecksum(StoredPart part, std::int64_t id, std::string_view block);
std::int64_t SegmentChecksum(std::int64_t trace, const SegmentRow& row, std::string_view versions);
std::int64_t TraceChecksum(std::int64_t id, const TraceKey& key);

// The block of a row whose column `checksum` is followed by the bytes.
std::string_view CheckedBlock(const Query& row, StoredPart part, std::int64_t id, int checksum);

// The segment of a row of all columns of the table.

SegmentRow CheckedSegment(const Query& row);

// Blocks are tidied up where they can be read: a damaged one stays for the repair, and does not
// stop what arrives.
template <class Tidy>
void UnlessDamaged(Tidy&& tidy) {
  try {
    tidy();
  } catch (const DamagedPart&) {
  } catch (const SqliteError& error) {
    if (error.code() != SQLITE_IOERR_DATA) throw;
  }
}

}  // namespace halo
