// SPDX-License-Identifier: MIT
// The order of lists of traces, and cursors into them. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/summaries/doubts.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// The sort key of a trace in a list: the largest value first, then the newest, then by key. Views
// the texts of the table or of a cursor.
struct ListPlace {
  std::int64_t value = 0, start_ns = 0;
  std::string_view project, trace_id;
  SummaryTable::Row row = 0;

  bool operator<(const ListPlace& other) const;
};

// The unsorted keys of those `rows` that come after the cursor. kInvalidArgument for a malformed
// cursor or one of another sort.
Result<std::vector<ListPlace>> PlacesAfter(const SummaryTable& table,
                                           const std::vector<SummaryTable::Row>& rows,
                                           const Doubts& doubts, TraceSort sort,
                                           std::string_view cursor);

// A cursor holds the key and not a row number, so traces that arrive between two pages shift
// nothing.
std::string MakeCursor(const ListPlace& place, TraceSort sort);

// By findings that are no candidates.
std::int64_t WastedNanoUsd(const SummaryTable& table, const Doubts& doubts, SummaryTable::Row row);

}  // namespace halo
