// SPDX-License-Identifier: MIT
// The two writes that make up a store: batches of spans as they arrive, and analyses of traces.
// Each runs inside a write transaction of the caller.
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
void WriteAnalyses(Database& database, std::span<const AnalysedTrace> analyses);

// Sources of a set, from its row.
std::vector<std::int64_t> ParseMembers(std::string_view text);

// Where the facts of a segment are, from its row.
struct SegmentRow {
  std::int64_t number = 0, spans = 0, payload_base = 0;
  std::int64_t facts = 0, facts_offset = 0, facts_length = 0;  // as FactsLog::Place has them
};

// Blocks, decompressed. They throw where one is missing or broken.
std::string LoadFacts(Database& database, std::int64_t block);
std::string LoadPayload(Database& database, std::int64_t block);

// Where a segment's facts stand in its decompressed block: all rows of a table, or some. kCorrupt
// when they lie outside.
struct StoredFacts {
  std::string_view table;
  std::optional<RowRange> rows;
};
Result<StoredFacts> FactsIn(std::string_view block, const SegmentRow& row);

// Appends the facts of a segment.
Result<void> DecodeSegment(std::string_view block, const SegmentRow& row, StringPool& words,
                           std::vector<SpanFacts>& out);

}  // namespace halo
