// SPDX-License-Identifier: MIT
// The two writes that make up a store: batches of spans as they arrive, and analyses of traces.
// Each runs inside a write transaction of the caller.
#pragma once

#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/known_versions.h"
#include "engine/store/store.h"

namespace halo {

AppendReceipt AppendBatch(Database& database, KnownVersions& versions, const Batch& batch);
void WriteAnalyses(Database& database, std::span<const AnalysedTrace> analyses);

// Sources of a set, from its row.
std::vector<std::int64_t> ParseMembers(std::string_view text);

// Facts of a segment, from its row.
struct SegmentRow {
  std::int64_t number = 0, spans = 0, payload_base = 0;
  std::int64_t facts = 0, facts_offset = 0, facts_length = 0;
};

// Blocks, decompressed. They throw where one is missing or broken.
std::string LoadFacts(Database& database, std::int64_t block);
std::string LoadPayload(Database& database, std::int64_t block);

// The piece of a decompressed block that holds a segment's facts; kCorrupt when it cannot.
Result<std::string_view> FactsIn(std::string_view block, const SegmentRow& row);

}  // namespace halo
