// SPDX-License-Identifier: MIT
#include "engine/sql_views.h"

#include <array>
#include <vector>

#include "engine/sql_view_rows.h"

namespace halo {
namespace {

template <class Row>
std::vector<SqlColumn> ColumnsOf(std::span<const ViewColumn<Row>> list) {
  std::vector<SqlColumn> columns;
  for (const ViewColumn<Row>& column : list) columns.push_back(column.column);
  return columns;
}

// "trace_id" of most tables, "id" of entries.
constexpr int kKeyColumn = 0;

constexpr SqlExample kExamples[] = {
    {"runs that called no tool",
     "SELECT trace_id, outcome, llm_calls FROM runs WHERE tool_calls = 0 ORDER BY start_ms"},
    {"failure rate per tool",
     "SELECT tool, count(*) AS calls, sum(failed) AS failed, round(avg(failed), 3) AS rate "
     "FROM calls WHERE tool IS NOT NULL GROUP BY tool ORDER BY rate DESC, calls DESC"},
    {"calls over 60 s that overlapped in time",
     "WITH slow AS (SELECT trace_id, span_id, tool, start_ms, end_ms FROM calls WHERE ms > 60000) "
     "SELECT a.tool, a.trace_id, b.tool AS other_tool, b.trace_id AS other_trace FROM slow a "
     "JOIN slow b ON a.start_ms < b.end_ms AND b.start_ms < a.end_ms AND a.span_id < b.span_id"},
    {"tokens by role of the call",
     "SELECT role, agent, sum(spans) AS calls, sum(input_tokens) AS input, "
     "sum(output_tokens) AS output FROM operations WHERE role IS NOT NULL GROUP BY role, agent "
     "ORDER BY input DESC"},
    {"outcome and cost per version",
     "SELECT version, count(*) AS runs, sum(outcome = 'failure') AS failed, "
     "round(avg(micro_usd)) AS mean_micro_usd FROM runs GROUP BY version ORDER BY runs DESC"},
    {"runs of one task that ended differently",
     "SELECT task, sum(outcome = 'success') AS succeeded, sum(outcome = 'failure') AS failed "
     "FROM runs WHERE task IS NOT NULL GROUP BY task HAVING succeeded > 0 AND failed > 0"},
    {"the same call made again in its run",
     "SELECT trace_id, tool, arguments_hash, count(*) AS times FROM calls "
     "WHERE arguments_hash IS NOT NULL GROUP BY trace_id, arguments_hash HAVING times > 2 "
     "ORDER BY times DESC"},
    {"failure modes with the number of their runs that failed",
     "SELECT e.id, e.detector, e.tool, count(DISTINCT f.trace_id) AS runs, "
     "count(DISTINCT CASE WHEN r.outcome = 'failure' THEN r.trace_id END) AS failed "
     "FROM findings f JOIN runs r ON r.trace_id = f.trace_id JOIN entries e ON e.id = f.entry_id "
     "GROUP BY e.id ORDER BY runs DESC"},
    {"where the time goes",
     "SELECT kind, name, sum(spans) AS spans, round(sum(critical_ms)) AS critical_ms, "
     "round(max(max_ms)) AS max_ms FROM operations GROUP BY kind, name "
     "ORDER BY critical_ms DESC LIMIT 10"},
    {"what follows a failed call",
     "WITH steps AS (SELECT tool, failed, lead(tool) OVER (PARTITION BY trace_id ORDER BY number) "
     "AS next FROM calls) SELECT tool, coalesce(next, 'the end') AS next, count(*) AS times "
     "FROM steps WHERE failed = 1 GROUP BY tool, next ORDER BY times DESC"},
    {"large results and the prompts that they fill",
     "SELECT c.trace_id, c.tool, c.result_bytes, s.input_tokens FROM calls c "
     "JOIN spans s ON s.trace_id = c.trace_id AND s.span_id = c.seen_by "
     "ORDER BY c.result_bytes DESC LIMIT 10"},
    {"runs a day",
     "SELECT date(start_ms / 1000, 'unixepoch') AS day, count(*) AS runs, "
     "sum(failed_spans > 0) AS with_errors FROM runs GROUP BY day ORDER BY day"},
};
static_assert(std::size(kExamples) == 12);

}  // namespace

std::span<const SqlTable> SqlViews() {
  static const std::vector<SqlColumn> kRuns = ColumnsOf(RunColumns());
  static const std::vector<SqlColumn> kSpans = ColumnsOf(SpanColumns());
  static const std::vector<SqlColumn> kCalls = ColumnsOf(CallColumns());
  static const std::vector<SqlColumn> kFindings = ColumnsOf(FindingColumnsOfView());
  static const std::vector<SqlColumn> kEntries = ColumnsOf(EntryColumns());
  static const std::vector<SqlColumn> kOperations = ColumnsOf(OperationColumnsOfView());
  static const std::array<SqlTable, 6> kTables = {
      {{"runs", "one row a trace", kRuns, kKeyColumn},
       {"spans", "one row a span; joined by trace_id it is quick", kSpans, kKeyColumn},
       {"calls", "one row a call of a tool or agent, with its turn: what asked and what read it",
        kCalls, kKeyColumn},
       {"findings", "one row a failure mode and run that shows it", kFindings, kKeyColumn},
       {"entries", "one row a failure mode as list_failure_modes lists it", kEntries, kKeyColumn},
       {"operations", "one row a run and kind, agent, name, model, role and prompt of its spans",
        kOperations, kKeyColumn}}};
  return kTables;
}

std::span<const SqlExample> SqlExamples() { return kExamples; }

}  // namespace halo
