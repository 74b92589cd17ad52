// SPDX-License-Identifier: MIT
// The order of lists of traces, and cursors into them. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Where a trace stands in a list: the largest value first, then the newest, then by key. Views the
// table's texts, or the cursor's.
struct ListPlace {
  std::int64_t value = 0, start_ns = 0;
  std::string_view project, trace_id;
  SummaryTable::Row row = 0;

  bool operator<(const ListPlace& other) const;
};

// The places of `rows` that come after the cursor, in no order. kInvalidArgument for a cursor of
// another sort or a broken one.
Result<std::vector<ListPlace>> PlacesAfter(const SummaryTable& table,
                                           const std::vector<SummaryTable::Row>& rows,
                                           TraceSort sort, std::string_view cursor);

// Names a place, not a row number, so that traces which arrive between two pages shift nothing.
std::string MakeCursor(const ListPlace& place, TraceSort sort);

std::int64_t WastedNanoUsd(const SummaryColumns& columns, SummaryTable::Row row);

}  // namespace halo
