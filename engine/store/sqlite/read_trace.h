// SPDX-License-Identifier: MIT
// Reads the stored parts of one trace. Throws on damage.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/source_position.h"
#include "engine/model/trace_summary.h"
#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

// `facts`: a cache of blocks of facts.
Result<StoredTrace> ReadTrace(Database& db, BlockCache& facts, const TraceKey& key);
// In the order of `keys`; records damage and continues.
std::vector<Result<LabelledTrace>> ReadLabelled(Database& db, DamageLog& damage,
                                                std::span<const TraceKey> keys);
Result<TraceSummary> ReadSummary(Database& db, const TraceKey& key);
// In the order of `keys`. Decodes each block of summaries once; records damage and continues.
std::vector<Result<TraceSummary>> ReadSummaries(Database& db, DamageLog& damage,
                                                std::span<const TraceKey> keys);

// Oldest change first.
std::vector<StaleTrace> ReadStaleTraces(Database& db, std::size_t limit);

// Steps `row` and returns the source in it; nullopt after the last row. The query selects key,
// position, size, mtime_ns, head_hash, tail_hash, resumable and complete.
std::optional<SourcePosition> ReadSource(Query& row);

}  // namespace halo
