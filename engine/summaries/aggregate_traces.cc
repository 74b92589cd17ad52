// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "engine/summaries/aggregates.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/trace_order.h"

namespace halo {

TraceRow RowOf(const SummaryTable& table, SummaryTable::Row row, const Question& question) {
  const SummaryColumns& c = table.columns();
  TraceRow out;
  out.key = table.Key(row);
  out.name = table.IdText(c.name[row]);
  if (!c.agents[row].empty()) out.agent = table.Text(c.agents[row].front());
  out.session = table.IdText(c.session[row]);
  out.task = table.IdText(c.task[row]);
  out.start_ns = c.start_ns[row];
  out.end_ns = c.end_ns[row];
  out.span_count = c.span_count[row];
  out.steps = c.steps[row];
  out.failed_spans = c.failed_spans[row];
  out.tokens = c.usage.input[row] + c.usage.output[row];
  out.nano_usd = c.nano_usd[row];
  out.wasted_nano_usd = WastedNanoUsd(table, Doubts(table, question), row);
  out.unpriced_calls = c.unpriced_calls[row];
  out.calls_without_usage = c.Health(&HealthCounts::llm_without_tokens)[row];
  out.outcome = table.outcome(row);
  out.outcome_rule = table.outcome_rule(row);
  out.settled = table.State(row, question) != RunState::kOpen;
  return out;
}

namespace {

struct ListedRow {
  SummaryTable::Row row = 0;
  TraceRow* out = nullptr;
};

void NameEntriesOf(const SummaryTable& table, const Question& question,
                   std::span<const ListedRow> listed) {
  const SummaryColumns& c = table.columns();
  const bool any = std::any_of(listed.begin(), listed.end(), [&](const ListedRow& each) {
    return c.finding_begin(each.row) < c.finding_end[each.row];
  });
  if (!any) return;
  const Entries entries(table, question);
  for (const auto& [row, out] : listed) {
    for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
      const std::uint32_t mode = table.mode_of(f);
      if (!entries.Holds(f) || !entries.Counts(mode)) continue;
      const ModeId id = entries.Id(entries.Of(mode));
      if (std::find(out->modes.begin(), out->modes.end(), id) == out->modes.end()) {
        out->modes.push_back(id);
      }
    }
  }
}

}  // namespace

void NameEntries(const SummaryTable& table, const Question& question,
                 std::span<const std::int64_t> traces, SearchPage& page) {
  std::vector<ListedRow> listed;
  for (std::size_t i = 0; i < page.hits.size(); ++i) {
    listed.push_back({table.RowOfTrace(traces[i]), &page.hits[i].trace});
  }
  NameEntriesOf(table, question, listed);
}

Result<TracePage> AnswerTraces(const SummaryTable& table, const Question& question, TraceSort sort,
                               std::size_t limit, std::string_view cursor) {
  const std::vector<SummaryTable::Row> rows = MatchingRows(table, question);
  Result<std::vector<ListPlace>> places =
      PlacesAfter(table, rows, Doubts(table, question), sort, cursor);
  if (!places) return places.error();
  const std::size_t shown = std::min(limit, places->size());
  std::partial_sort(places->begin(), places->begin() + static_cast<std::ptrdiff_t>(shown),
                    places->end());
  TracePage page;
  page.matched = static_cast<std::int64_t>(rows.size());
  const RowUnits units(table, question.units);
  std::vector<SummaryTable::Row> listed_rows;
  for (std::size_t i = 0; i < shown; ++i) listed_rows.push_back((*places)[i].row);
  const std::vector<SummaryTable::Row> settled = SettledRows(table, listed_rows, question, units);
  for (std::size_t i = 0, next = 0; i < shown; ++i) {
    TraceRow& row = page.rows.emplace_back(RowOf(table, listed_rows[i], question));
    row.by_session = units.SessionOf(listed_rows[i]) != 0;
    row.run_settled = next < settled.size() && settled[next] == listed_rows[i];
    next += row.run_settled;
  }
  std::vector<ListedRow> listed;
  for (std::size_t i = 0; i < shown; ++i) listed.push_back({(*places)[i].row, &page.rows[i]});
  NameEntriesOf(table, question, listed);
  if (shown > 0 && shown < places->size()) {
    page.next_cursor = MakeCursor((*places)[shown - 1], sort);
  }
  return page;
}

std::vector<TraceStart> AnswerTraceStarts(const SummaryTable& table, const Question& question) {
  std::vector<TraceStart> traces;
  for (const SummaryTable::Row row : MatchingRows(table, question)) {
    traces.push_back({table.Key(row), table.columns().start_ns[row]});
  }
  std::sort(traces.begin(), traces.end(), [](const TraceStart& a, const TraceStart& b) {
    return a.start_ns != b.start_ns ? a.start_ns > b.start_ns : a.key < b.key;
  });
  return traces;
}

std::vector<AgedTrace> AnswerOldest(const SummaryTable& table, const Question& question,
                                    std::size_t limit) {
  const SummaryColumns& c = table.columns();
  const auto age_of = [&](SummaryTable::Row row) {
    return c.start_ns[row] > 0 ? c.start_ns[row] : c.arrived_ns[row];
  };
  Question at_any_time = question;
  const std::int64_t until_ns = question.filter.until_ns.value_or(INT64_MAX);
  at_any_time.filter.until_ns.reset();
  std::vector<SummaryTable::Row> rows = SettledRows(table, MatchingRows(table, at_any_time),
                                                    question, RowUnits(table, question.units));
  std::erase_if(rows, [&](SummaryTable::Row row) { return age_of(row) >= until_ns; });
  std::vector<AgedTrace> traces;
  traces.reserve(rows.size());
  for (const SummaryTable::Row row : rows) {
    traces.push_back({table.Key(row), age_of(row), c.arrived_ns[row], c.span_count[row]});
  }
  const std::size_t shown = std::min(limit, traces.size());
  std::partial_sort(traces.begin(), traces.begin() + static_cast<std::ptrdiff_t>(shown),
                    traces.end(), [](const AgedTrace& a, const AgedTrace& b) {
                      return std::tie(a.start_ns, a.key) < std::tie(b.start_ns, b.key);
                    });
  traces.resize(shown);
  return traces;
}

}  // namespace halo
