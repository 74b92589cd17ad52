// SPDX-License-Identifier: MIT
// Checksums (XXH3) of the parts of a store. Each includes the position of the part, so that one
// part cannot pass for another. Pages have checksums too (page_checks.h), but only these identify
// the part that is lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

// Thrown if a part of the store is missing or fails its checksum.
struct DamagedPart : StoreException {
  DamagedPart(StoredPart of, std::int64_t number, std::string_view what);
  StoredPart part;
  std::int64_t id;
};

std::int64_t BlockChecksum(StoredPart part, std::int64_t id, std::string_view block);
std::int64_t SegmentChecksum(std::int64_t trace, const SegmentRow& row, std::string_view versions);
std::int64_t TraceChecksum(std::int64_t id, const TraceKey& key);

// The verified block of a row, in the column after `checksum`.
std::string_view CheckedBlock(const Query& row, StoredPart part, std::int64_t id, int checksum);

// The verified segment of a row that has all columns of `segments`.
SegmentRow CheckedSegment(const Query& row);

// Runs a clean-up of blocks and gives up on damage: a damaged block is left to the repair and must
// not block writes.
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
