// SPDX-License-Identifier: MIT
// Summaries of many traces as columns: what questions over all traces scan. A few numbers a trace
// in a row of their own arrays instead of a few hundred small objects. Not thread-safe while it
// changes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/string_pool.h"
#include "engine/model/trace_summary.h"

namespace halo {

// Some items for each of many rows; row i has items [begin(i), end(i)).
template <class T>
struct ListColumn {
  std::vector<std::uint32_t> ends;
  std::vector<T> items;

  std::uint32_t begin(std::size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
  std::uint32_t end(std::size_t row) const { return ends[row]; }
  std::span<const T> operator[](std::size_t row) const {
    return {items.data() + begin(row), items.data() + end(row)};
  }
  void Close() { ends.push_back(static_cast<std::uint32_t>(items.size())); }
};

// Text that hardly repeats, end to end.
using TextColumn = ListColumn<char>;
inline std::string_view TextAt(const TextColumn& column, std::size_t row) {
  const std::span<const char> text = column[row];
  return {text.data(), text.size()};
}

struct UsageColumns {
  std::vector<std::int64_t> input, output, cache_read, cache_write, reasoning;
};

// One entry an operation of a trace; the fields of OperationRollup.
struct OperationColumns {
  std::vector<std::uint8_t> kind;
  std::vector<StringId> agent, name, model;
  std::vector<std::int32_t> count, unpriced;
  // What only questions about operations ask for: empty when it was not asked for.
  std::vector<std::int32_t> errors;
  UsageColumns usage;
  std::vector<std::int64_t> nano_usd, duration_ns, max_ns, critical_ns;
  ListColumn<std::int64_t> buckets;         // see operations.h
  std::vector<std::int32_t> bucket_counts;  // along buckets.items

  std::size_t size() const { return kind.size(); }
};

// One entry a finding; the fields of StoredFinding but its evidence.
struct FindingColumns {
  std::vector<ModeId> mode;
  std::vector<std::uint8_t> detector, decided_outcome;
  std::vector<StringId> agent, tool, span_name, signature, tag;
  std::vector<std::int32_t> occurrences;
  std::vector<std::int64_t> waste_tokens, waste_nano_usd, waste_critical_ns;

  std::size_t size() const { return mode.size(); }
};

// Which spans show a finding: only read when one trace is told. Has words of its own, because
// span ids hardly repeat.
struct EvidenceColumns {
  StringPool words;
  ListColumn<StringId> span_ids;
  ListColumn<StringId> quote_span;  // of each quoted value
  // Along quote_span.items.
  std::vector<std::uint8_t> role;
  std::vector<StringId> quote_path;
  std::vector<std::uint32_t> quote_offset, quote_length;
};

struct SummaryColumns {
  StringPool words;  // names: few, and the same in many traces
  StringPool ids;    // what may be different in each trace: its name, session, user and task

  // Where the store keeps the trace, when it last grew, and from which sources.
  std::vector<std::int64_t> trace_row, arrived_ns, source_set;

  TextColumn trace_id;
  std::vector<StringId> project, name, service, version, environment, session, user, task;
  ListColumn<StringId> agents, models, tools, tags;
  std::vector<std::int64_t> start_ns, end_ns;
  std::vector<std::int32_t> span_count, llm_calls, tool_calls, steps, failed_spans;
  std::vector<std::uint8_t> root_ended;
  UsageColumns usage;
  std::vector<std::int64_t> nano_usd;
  std::vector<std::int32_t> unpriced_calls, reported_costs, computed_costs, cost_mismatches;
  std::array<std::vector<std::int32_t>, 8> cache_rules;
  std::array<std::vector<std::int32_t>, kReadingCount> readings;
  std::vector<std::int64_t> critical_ns;
  std::vector<std::uint8_t> outcome, outcome_rule;
  std::vector<std::uint64_t> eligible;
  std::vector<std::int32_t> missing_parents, cyclic_parents, end_before_start, outside_parent;
  std::vector<std::int32_t> duplicate_ids, llm_without_model, llm_without_tokens;
  std::vector<std::int32_t> unknown_convention, clipped_spans;
  std::vector<std::uint64_t> judged_by;

  // Operations and findings of all traces, in the order of the traces.
  std::vector<std::uint32_t> operation_end, finding_end;
  OperationColumns operations;
  FindingColumns findings;
  EvidenceColumns evidence;  // along findings; empty when it was not asked for

  std::size_t size() const { return start_ns.size(); }
  bool has_timings() const { return operations.errors.size() == operations.size(); }
  bool has_evidence() const { return evidence.quote_span.ends.size() == findings.size(); }
  std::uint32_t operation_begin(std::size_t row) const {
    return row == 0 ? 0 : operation_end[row - 1];
  }
  std::uint32_t finding_begin(std::size_t row) const { return row == 0 ? 0 : finding_end[row - 1]; }
};

// What the store says of a trace beside its summary.
struct TracePlace {
  std::int64_t trace_row = 0, arrived_ns = 0, source_set = 0;
};

void AppendSummary(const TraceSummary& summary, const TracePlace& place, SummaryColumns& columns);
// Needs the evidence.
TraceSummary SummaryAt(const SummaryColumns& columns, std::size_t row);

// Makes room for `rows` in all, as large as those that are there. Saves copying while blocks come.
void Reserve(std::size_t rows, SummaryColumns& columns);

// Appends the rows of `from` for which `keep` holds (by row), with the detail that it has.
void AppendRows(const SummaryColumns& from, const std::vector<bool>& keep, SummaryColumns& to);

}  // namespace halo
