// SPDX-License-Identifier: MIT
// The columns of SummaryColumns, each named once: what is done to all of them goes through these
// lists.
#pragma once

#include <cstdint>
#include <tuple>
#include <utility>

#include "engine/summaries/summary_columns.h"

namespace halo {

// kWord stands in SummaryColumns::words or the evidence's words, kId in SummaryColumns::ids.
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

// The columns as they are stored, by what their entries belong to: append only.
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
    Signed([](auto& c) -> auto& { return c.cache_rules[0]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[1]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[2]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[3]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[4]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[5]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[6]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[7]; }),
    Signed([](auto& c) -> auto& { return c.critical_ns; }),
    Number([](auto& c) -> auto& { return c.outcome; }),
    Number([](auto& c) -> auto& { return c.outcome_rule; }),
    Number([](auto& c) -> auto& { return c.eligible; }),
    Signed([](auto& c) -> auto& { return c.missing_parents; }),
    Signed([](auto& c) -> auto& { return c.cyclic_parents; }),
    Signed([](auto& c) -> auto& { return c.end_before_start; }),
    Signed([](auto& c) -> auto& { return c.outside_parent; }),
    Signed([](auto& c) -> auto& { return c.duplicate_ids; }),
    Signed([](auto& c) -> auto& { return c.llm_without_model; }),
    Signed([](auto& c) -> auto& { return c.llm_without_tokens; }),
    Signed([](auto& c) -> auto& { return c.unknown_convention; }),
    Signed([](auto& c) -> auto& { return c.clipped_spans; }),
    Number([](auto& c) -> auto& { return c.judged_by; }),
};

// Also of traces; behind all others of their section, where older programs wrote nothing.
inline constexpr std::tuple kReadingColumns = {
    Signed([](auto& c) -> auto& { return c.readings[0]; }),
    Signed([](auto& c) -> auto& { return c.readings[1]; }),
    Signed([](auto& c) -> auto& { return c.readings[2]; }),
    Signed([](auto& c) -> auto& { return c.readings[3]; }),
    Signed([](auto& c) -> auto& { return c.readings[4]; }),
    Signed([](auto& c) -> auto& { return c.readings[5]; }),
    Signed([](auto& c) -> auto& { return c.readings[6]; }),
    Signed([](auto& c) -> auto& { return c.readings[7]; }),
    Signed([](auto& c) -> auto& { return c.readings[8]; }),
    Signed([](auto& c) -> auto& { return c.readings[9]; }),
    Signed([](auto& c) -> auto& { return c.readings[10]; }),
    Signed([](auto& c) -> auto& { return c.readings[11]; }),
    Signed([](auto& c) -> auto& { return c.readings[12]; }),
    Signed([](auto& c) -> auto& { return c.readings[13]; }),
    Signed([](auto& c) -> auto& { return c.readings[14]; }),
    Signed([](auto& c) -> auto& { return c.readings[15]; }),
};

inline constexpr std::tuple kOperationColumns = {
    Number([](auto& c) -> auto& { return c.operations.kind; }),
    StringColumn([](auto& c) -> auto& { return c.operations.agent; }),
    StringColumn([](auto& c) -> auto& { return c.operations.name; }),
    StringColumn([](auto& c) -> auto& { return c.operations.model; }),
    Signed([](auto& c) -> auto& { return c.operations.count; }),
    Signed([](auto& c) -> auto& { return c.operations.unpriced; }),
};

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
};

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
};

// Of quoted values, of which a finding may have several.
inline constexpr std::tuple kEvidenceColumns = {
    StringColumn([](auto& c) -> auto& { return c.evidence.quote_span.items; }),
    Number([](auto& c) -> auto& { return c.evidence.role; }),
    StringColumn([](auto& c) -> auto& { return c.evidence.quote_path; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_offset; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_length; }),
};

// Lists of words a trace has.
inline constexpr std::tuple kWordLists = {
    StringColumn([](auto& c) -> auto& { return c.agents; }),
    StringColumn([](auto& c) -> auto& { return c.models; }),
    StringColumn([](auto& c) -> auto& { return c.tools; }),
    StringColumn([](auto& c) -> auto& { return c.tags; }),
};

template <class List, class Visit>
void ForEach(const List& list, Visit&& visit) {
  std::apply([&](const auto&... column) { (visit(column), ...); }, list);
}

}  // namespace halo
