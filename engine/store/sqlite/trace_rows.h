// SPDX-License-Identifier: MIT
// The rows of a trace and of its segments, for the writes that change them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/known_versions.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

struct KnownTrace {
  std::int64_t id = 0;  // 0: no such trace
  std::int64_t generation = 0, spans = 0, segments = 0, source_set = 0, summary = 0;
  std::int64_t arrived_ns = 0;
};
KnownTrace FindTrace(Database& database, const TraceKey& key);

void PutSegmentRow(Database& database, std::int64_t trace, const SegmentRow& row,
                   const std::vector<SpanVersion>& versions);

// Replaces all segments of a trace by one with `facts`, a table of `spans` rows. `versions` are
// added to those that the trace had.
void ReplaceSegments(Database& database, FactsLog& log, std::int64_t trace, std::string_view facts,
                     std::int64_t spans, std::vector<SpanVersion> versions);

}  // namespace halo
