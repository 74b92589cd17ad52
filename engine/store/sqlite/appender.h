// SPDX-License-Identifier: MIT
// Writes batches of spans as they arrive, inside a write transaction of the caller. Also finds the
// facts of stored segments.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/facts_codec.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/known_versions.h"
#include "engine/store/store.h"

namespace halo {

AppendReceipt AppendBatches(Database& database, KnownVersions& versions,
                            std::span<const Batch> batches);

// Identifies a trace among those that were removed, and in receipts.
std::uint64_t TraceKeyHash(const TraceKey& key);

// Parses the column `members` of a set of sources.
std::vector<std::int64_t> ParseMembers(std::string_view text);

// A row of `segments` without its versions: the position of a segment's facts.
struct SegmentRow {
  std::int64_t number = 0, spans = 0, payload_base = 0;
  std::int64_t facts = 0, facts_offset = 0, facts_length = 0;  // see FactsLog::Place
};

// Load and decompress a block. Throw DamagedPart if it is missing or damaged.
std::string LoadFacts(Database& database, std::int64_t block);
std::string LoadPayload(Database& database, std::int64_t block);

// A segment's facts in its decompressed block: all rows of a table, or some. kCorrupt if they are
// out of bounds.
struct StoredFacts {
  std::string_view table;
  std::optional<RowRange> rows;
};
Result<StoredFacts> FactsIn(std::string_view block, const SegmentRow& row);

// Appends the facts of a segment.
Result<void> DecodeSegment(std::string_view block, const SegmentRow& row, StringPool& words,
                           std::vector<SpanFacts>& out);

}  // namespace halo
