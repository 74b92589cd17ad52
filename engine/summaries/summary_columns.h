// SPDX-License-Identifier: MIT
// Summaries of many traces as columns, which questions over all traces scan. Columns keep a trace
// in a few numbers per array instead of a few hundred small objects. Thread-compatible.
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

// A list of items per row; row i has items [begin(i), end(i)).
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

// Texts that rarely repeat, concatenated.
using TextColumn = ListColumn<char>;
inline std::string_view TextAt(const TextColumn& column, std::size_t row) {
  const std::span<const char> text = column[row];
  return {text.data(), text.size()};
}

// A list of words per row, with a count for each.
struct WordCountColumn {
  ListColumn<StringId> words;
  std::vector<std::int32_t> counts;  // along words.items
};

struct UsageColumns {
  std::vector<std::int64_t> input, output, cache_read, cache_write, reasoning;
};
inline TokenUsage UsageAt(const UsageColumns& c, std::size_t i) {
  return {c.input[i], c.output[i], c.cache_read[i], c.cache_write[i], c.reasoning[i]};
}

// One entry per operation of a trace, with the fields of OperationRollup.
struct OperationColumns {
  std::vector<std::uint8_t> kind;
  std::vector<StringId> agent, name, model;
  std::vector<std::int32_t> count, unpriced;
  // Needed only by questions about operations; empty unless asked for.
  std::vector<std::int32_t> errors;
  UsageColumns usage;
  std::vector<std::int64_t> nano_usd, duration_ns, max_ns, critical_ns;
  std::vector<std::int64_t> self_ns, drag_ns, max_start_ns;
  std::vector<std::uint8_t> role;
  std::vector<std::uint32_t> prompt;
  std::vector<std::int64_t> wasted_tokens, wasted_nano_usd, wasted_ns;
  ListColumn<std::int64_t> buckets;         // see operations.h
  std::vector<std::int32_t> bucket_counts;  // along buckets.items

  std::size_t size() const { return kind.size(); }
};

// One entry per finding, with the fields of StoredFinding except its evidence.
struct FindingColumns {
  std::vector<ModeId> mode;
  std::vector<std::uint8_t> detector, decided_outcome;
  std::vector<StringId> agent, tool, span_name, signature, tag;
  std::vector<std::int32_t> occurrences;
  std::vector<std::int64_t> waste_tokens, waste_nano_usd, waste_critical_ns;
  std::vector<std::uint8_t> signature_kind, opportunity, confidence;
  ListColumn<std::uint32_t> lies_in;
  std::vector<std::uint8_t> condition;
  std::vector<std::int64_t> value, limit, at_ns;

  std::size_t size() const { return mode.size(); }
};

// One entry per Measure.
struct MeasureColumns {
  std::vector<std::uint8_t> detector;
  std::vector<StringId> agent, name;
  std::vector<std::int64_t> value;
  std::vector<std::int32_t> count;

  std::size_t size() const { return detector.size(); }
};

// The spans that show a finding, read only for single traces. Has its own string pool, because span
// ids rarely repeat.
struct EvidenceColumns {
  StringPool words;
  ListColumn<StringId> span_ids;
  ListColumn<StringId> quote_span;  // of each quoted value
  // Along quote_span.items.
  std::vector<std::uint8_t> role;
  std::vector<StringId> quote_path;
  std::vector<std::uint32_t> quote_offset, quote_length;
};

// One entry per slow spot of a trace, with the fields of SlowSpot.
struct SlowSpotColumns {
  std::vector<std::uint32_t> ends;  // of each trace
  std::vector<std::uint8_t> kind;
  std::vector<StringId> agent, name, after, span;
  std::vector<std::int32_t> count;
  std::vector<std::int64_t> ns;

  std::size_t size() const { return kind.size(); }
  std::uint32_t begin(std::size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
};

struct SummaryColumns {
  StringPool words;  // names: few, and shared by many traces
  StringPool ids;    // strings that may differ in each trace: name, session, user and task

  // The store's number of the trace, when it last grew, and its set of sources.
  std::vector<std::int64_t> trace_row, arrived_ns, source_set;

  TextColumn trace_id;
  std::vector<StringId> project, name, service, version, environment, session, user, task;
  std::vector<StringId> last_tool;
  ListColumn<StringId> agents, models, tools, tags;
  std::vector<std::int64_t> start_ns, end_ns;
  std::vector<std::int32_t> span_count, llm_calls, tool_calls, steps, failed_spans;
  std::vector<std::uint8_t> root_ended;
  UsageColumns usage;
  std::vector<std::int64_t> nano_usd;
  std::vector<std::int32_t> unpriced_calls, reported_costs, computed_costs, cost_mismatches;
  std::array<std::vector<std::int32_t>, kCacheRuleCount> cache_rules;
  std::array<std::vector<std::int32_t>, kReadingCount> readings;
  std::array<std::vector<std::int32_t>, kHealthCountCount> health;  // along kHealthCounts
  std::vector<std::int64_t> critical_ns;
  std::vector<std::uint8_t> outcome, outcome_rule;
  std::vector<std::uint64_t> eligible;
  std::vector<std::uint64_t> judged_by;
  WordCountColumn dialects, unread_keys, calls;
  // With the timings; empty unless asked for.
  ListColumn<StringId> behaviours;
  SlowSpotColumns slow_spots;

  // Ends of each trace's operations, findings and measures.
  std::vector<std::uint32_t> operation_end, finding_end, measure_end;
  OperationColumns operations;
  FindingColumns findings;
  MeasureColumns measures;
  EvidenceColumns evidence;  // along findings; empty unless asked for

  const std::vector<std::int32_t>& Health(std::int64_t HealthCounts::*count) const {
    return health[PositionOf(count)];
  }

  std::size_t size() const { return start_ns.size(); }
  bool has_timings() const { return operations.errors.size() == operations.size(); }
  bool has_behaviours() const { return behaviours.ends.size() == size(); }
  bool has_evidence() const { return evidence.quote_span.ends.size() == findings.size(); }
  std::uint32_t operation_begin(std::size_t row) const {
    return row == 0 ? 0 : operation_end[row - 1];
  }
  std::uint32_t finding_begin(std::size_t row) const { return row == 0 ? 0 : finding_end[row - 1]; }
  std::uint32_t measure_begin(std::size_t row) const { return row == 0 ? 0 : measure_end[row - 1]; }
};

// The store's own data about a trace, besides its summary.
struct TracePlace {
  std::int64_t trace_row = 0, arrived_ns = 0, source_set = 0;
};

void AppendSummary(const TraceSummary& summary, const TracePlace& place, SummaryColumns& columns);
// Requires has_evidence().
TraceSummary SummaryAt(const SummaryColumns& columns, std::size_t row);

// Reserves memory for `rows` rows in all, assuming that they are as large as the present ones.
void Reserve(std::size_t rows, SummaryColumns& columns);

// Appends the rows of `from` for which keep[row] is true, in the detail that `from` has.
void AppendRows(const SummaryColumns& from, const std::vector<bool>& keep, SummaryColumns& to);

}  // namespace halo
