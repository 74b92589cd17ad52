// SPDX-License-Identifier: MIT
// The columns of SummaryColumns, each declared once. Whatever handles all columns goes through
// these lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>

#include "engine/summaries/summary_columns.h"

namespace halo {

// kWord refers to SummaryColumns::words or EvidenceColumns::words, kId to SummaryColumns::ids.
enum class ColumnShape : std::uint8_t { kNumber, kSigned, kWord, kId };

template <ColumnShape kShape, class Access>
struct Column {
  static constexpr ColumnShape shape = kShape;
  template <class Columns>
  static auto& Of(Columns& columns) {
    return Access{}(columns);
  }
};
template <class Access>
constexpr auto Number(Access) {
  return Column<ColumnShape::kNumber, Access>{};
}
template <class Access>
constexpr auto Signed(Access) {
  return Column<ColumnShape::kSigned, Access>{};
}
template <class Access>
constexpr auto StringColumn(Access) {
  return Column<ColumnShape::kWord, Access>{};
}

template <class Access>
constexpr auto IdColumn(Access) {
  return Column<ColumnShape::kId, Access>{};
}

// Columns with one entry per trace. All lists are in stored order: append only.
inline constexpr std::tuple kTraceColumns = {
    Number([](auto& c) -> auto& { return c.trace_row; }),
    Number([](auto& c) -> auto& { return c.arrived_ns; }),
    Number([](auto& c) -> auto& { return c.source_set; }),
    StringColumn([](auto& c) -> auto& { return c.project; }),
    IdColumn([](auto& c) -> auto& { return c.name; }),
    StringColumn([](auto& c) -> auto& { return c.service; }),
    StringColumn([](auto& c) -> auto& { return c.version; }),
    StringColumn([](auto& c) -> auto& { return c.environment; }),
    IdColumn([](auto& c) -> auto& { return c.session; }),
    IdColumn([](auto& c) -> auto& { return c.user; }),
    IdColumn([](auto& c) -> auto& { return c.task; }),
    Number([](auto& c) -> auto& { return c.start_ns; }),
    Number([](auto& c) -> auto& { return c.end_ns; }),
    Signed([](auto& c) -> auto& { return c.span_count; }),
    Signed([](auto& c) -> auto& { return c.llm_calls; }),
    Signed([](auto& c) -> auto& { return c.tool_calls; }),
    Signed([](auto& c) -> auto& { return c.steps; }),
    Signed([](auto& c) -> auto& { return c.failed_spans; }),
    Number([](auto& c) -> auto& { return c.root_ended; }),
    Signed([](auto& c) -> auto& { return c.usage.input; }),
    Signed([](auto& c) -> auto& { return c.usage.output; }),
    Signed([](auto& c) -> auto& { return c.usage.cache_read; }),
    Signed([](auto& c) -> auto& { return c.usage.cache_write; }),
    Signed([](auto& c) -> auto& { return c.usage.reasoning; }),
    Signed([](auto& c) -> auto& { return c.nano_usd; }),
    Signed([](auto& c) -> auto& { return c.unpriced_calls; }),
    Signed([](auto& c) -> auto& { return c.reported_costs; }),
    Signed([](auto& c) -> auto& { return c.computed_costs; }),
    Signed([](auto& c) -> auto& { return c.cost_mismatches; }),
    Signed([](auto& c) -> auto& { return c.critical_ns; }),
    Number([](auto& c) -> auto& { return c.outcome; }),
    Number([](auto& c) -> auto& { return c.outcome_rule; }),
    Number([](auto& c) -> auto& { return c.eligible; }),
    Number([](auto& c) -> auto& { return c.judged_by; }),
    StringColumn([](auto& c) -> auto& { return c.last_tool; }),
};

// Columns of one kind of count, one per position of an enum or list. Each array may grow at its
// end.
template <class Access>
struct CountArray {
  // The array's column at `index`.
  struct At {
    static constexpr ColumnShape shape = ColumnShape::kSigned;
    std::size_t index;
    template <class Columns>
    auto& Of(Columns& columns) const {
      return Access{}(columns)[index];
    }
  };
  constexpr explicit CountArray(Access) {}
  static constexpr std::size_t size =
      std::tuple_size_v<std::remove_cvref_t<std::invoke_result_t<Access, SummaryColumns&>>>;
};

inline constexpr std::tuple kCountArrays = {
    CountArray([](auto& c) -> auto& { return c.cache_rules; }),
    CountArray([](auto& c) -> auto& { return c.readings; }),
    CountArray([](auto& c) -> auto& { return c.health; }),
};

// Columns with one entry per operation.
inline constexpr std::tuple kOperationColumns = {
    Number([](auto& c) -> auto& { return c.operations.kind; }),
    StringColumn([](auto& c) -> auto& { return c.operations.agent; }),
    StringColumn([](auto& c) -> auto& { return c.operations.name; }),
    StringColumn([](auto& c) -> auto& { return c.operations.model; }),
    Signed([](auto& c) -> auto& { return c.operations.count; }),
    Signed([](auto& c) -> auto& { return c.operations.unpriced; }),
};

// Columns with one entry per operation, read only for questions about operations.
inline constexpr std::tuple kTimingColumns = {
    Signed([](auto& c) -> auto& { return c.operations.errors; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.input; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.output; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.cache_read; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.cache_write; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.reasoning; }),
    Signed([](auto& c) -> auto& { return c.operations.nano_usd; }),
    Signed([](auto& c) -> auto& { return c.operations.duration_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.max_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.critical_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.self_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.drag_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.max_start_ns; }),
    Number([](auto& c) -> auto& { return c.operations.role; }),
    Number([](auto& c) -> auto& { return c.operations.prompt; }),
    Signed([](auto& c) -> auto& { return c.operations.wasted_tokens; }),
    Signed([](auto& c) -> auto& { return c.operations.wasted_nano_usd; }),
    Signed([](auto& c) -> auto& { return c.operations.wasted_ns; }),
};

// Columns with one entry per slow spot, read together with the timings.
inline constexpr std::tuple kSlowSpotColumns = {
    Number([](auto& c) -> auto& { return c.slow_spots.kind; }),
    StringColumn([](auto& c) -> auto& { return c.slow_spots.agent; }),
    StringColumn([](auto& c) -> auto& { return c.slow_spots.name; }),
    StringColumn([](auto& c) -> auto& { return c.slow_spots.after; }),
    IdColumn([](auto& c) -> auto& { return c.slow_spots.span; }),
    Signed([](auto& c) -> auto& { return c.slow_spots.count; }),
    Signed([](auto& c) -> auto& { return c.slow_spots.ns; }),
};

// Columns with one entry per finding.
inline constexpr std::tuple kFindingColumns = {
    Number([](auto& c) -> auto& { return c.findings.mode; }),
    Number([](auto& c) -> auto& { return c.findings.detector; }),
    Number([](auto& c) -> auto& { return c.findings.decided_outcome; }),
    StringColumn([](auto& c) -> auto& { return c.findings.agent; }),
    StringColumn([](auto& c) -> auto& { return c.findings.tool; }),
    StringColumn([](auto& c) -> auto& { return c.findings.span_name; }),
    StringColumn([](auto& c) -> auto& { return c.findings.signature; }),
    StringColumn([](auto& c) -> auto& { return c.findings.tag; }),
    Signed([](auto& c) -> auto& { return c.findings.occurrences; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_tokens; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_nano_usd; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_critical_ns; }),
    Number([](auto& c) -> auto& { return c.findings.signature_kind; }),
    Number([](auto& c) -> auto& { return c.findings.opportunity; }),
    Number([](auto& c) -> auto& { return c.findings.confidence; }),
};

// Columns with one entry per finding, stored apart from the others since most are 0.
inline constexpr std::tuple kConditionColumns = {
    Number([](auto& c) -> auto& { return c.findings.condition; }),
    Signed([](auto& c) -> auto& { return c.findings.value; }),
    Signed([](auto& c) -> auto& { return c.findings.limit; }),
    Number([](auto& c) -> auto& { return c.findings.at_ns; }),
};

// Columns with one entry per measure.
inline constexpr std::tuple kMeasureColumns = {
    Number([](auto& c) -> auto& { return c.measures.detector; }),
    StringColumn([](auto& c) -> auto& { return c.measures.agent; }),
    StringColumn([](auto& c) -> auto& { return c.measures.name; }),
    Signed([](auto& c) -> auto& { return c.measures.value; }),
    Signed([](auto& c) -> auto& { return c.measures.count; }),
};

// Columns with one entry per quoted value, of which a finding may have several; read only for one
// trace.
inline constexpr std::tuple kEvidenceColumns = {
    StringColumn([](auto& c) -> auto& { return c.evidence.quote_span.items; }),
    Number([](auto& c) -> auto& { return c.evidence.role; }),
    StringColumn([](auto& c) -> auto& { return c.evidence.quote_path; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_offset; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_length; }),
};

// Columns with a list of words per trace.
inline constexpr std::tuple kWordLists = {
    StringColumn([](auto& c) -> auto& { return c.agents; }),
    StringColumn([](auto& c) -> auto& { return c.models; }),
    StringColumn([](auto& c) -> auto& { return c.tools; }),
    StringColumn([](auto& c) -> auto& { return c.tags; }),
};

// Columns with a list of words per trace, each with a count of spans or calls.
inline constexpr std::tuple kWordCounts = {
    StringColumn([](auto& c) -> auto& { return c.dialects; }),
    StringColumn([](auto& c) -> auto& { return c.unread_keys; }),
    StringColumn([](auto& c) -> auto& { return c.calls; }),
};

template <class List, class Visit>
void ForEach(const List& list, Visit&& visit) {
  std::apply([&](const auto&... column) { (visit(column), ...); }, list);
}

// Calls visit(column) for each column of one array.
template <class Access, class Visit>
void ForEachOf(const CountArray<Access>&, Visit&& visit) {
  for (std::size_t i = 0; i < CountArray<Access>::size; ++i) {
    visit(typename CountArray<Access>::At{i});
  }
}

// Calls visit(column) for each column with one number per trace.
template <class Visit>
void ForEachTraceColumn(Visit&& visit) {
  ForEach(kTraceColumns, visit);
  ForEach(kCountArrays, [&](const auto& array) { ForEachOf(array, visit); });
}

}  // namespace halo
