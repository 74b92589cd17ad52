// SPDX-License-Identifier: MIT
// The rows of the tables of sql_views.h, and how each column is read from one. Only engine/sql_*.cc
// include this.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/rank.h"
#include "engine/model/trace_summary.h"
#include "engine/sql/sql_table.h"
#include "engine/store/store.h"
#include "engine/trace/call_roles.h"
#include "engine/trace/trace.h"

namespace halo {

// A trace whose structure a query reads.
struct LoadedTrace {
  StoredTrace stored;
  Trace trace;  // refers to stored.words
  std::vector<CallPurpose> purposes;
};

using RunRow = std::shared_ptr<const TraceSummary>;
struct OperationRow {
  std::shared_ptr<const TraceSummary> run;
  const OperationRollup* operation = nullptr;
};
struct FindingRow {
  std::shared_ptr<const TraceSummary> run;
  const StoredFinding* finding = nullptr;
  ModeId entry = 0;
};
struct SpanRow {
  std::shared_ptr<const LoadedTrace> of;
  SpanIndex span = -1;
};
struct CallRow {
  std::shared_ptr<const LoadedTrace> of;
  std::size_t turn = 0;
};
using EntryRow = const RankedMode*;

template <class Row>
struct ViewColumn {
  SqlColumn column;
  SqlCell (*get)(const Row& row);
};

std::span<const ViewColumn<RunRow>> RunColumns();
std::span<const ViewColumn<OperationRow>> OperationColumnsOfView();
std::span<const ViewColumn<FindingRow>> FindingColumnsOfView();
std::span<const ViewColumn<SpanRow>> SpanColumns();
std::span<const ViewColumn<CallRow>> CallColumns();
std::span<const ViewColumn<EntryRow>> EntryColumns();

// The position of each table in SqlViews().
enum class View : std::uint8_t { kRuns, kSpans, kCalls, kFindings, kEntries, kOperations };

}  // namespace halo
