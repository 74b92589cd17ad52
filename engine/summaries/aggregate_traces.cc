// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/summaries/aggregates.h"
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
  out.wasted_nano_usd = WastedNanoUsd(c, row);
  out.unpriced_calls = c.unpriced_calls[row];
  out.calls_without_usage = c.Health(&HealthCounts::llm_without_tokens)[row];
  out.outcome = table.outcome(row);
  out.outcome_rule = table.outcome_rule(row);
  out.settled = table.State(row, question) != RunState::kOpen;
  for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    out.modes.push_back(c.findings.mode[i]);
  }
  return out;
}

Result<TracePage> AnswerTraces(const SummaryTable& table, const Question& question, TraceSort sort,
                               std::size_t limit, std::string_view cursor) {
  const std::vector<SummaryTable::Row> rows = MatchingRows(table, question.filter);
  Result<std::vector<ListPlace>> places = PlacesAfter(table, rows, sort, cursor);
  if (!places) return places.error();
  const std::size_t shown = std::min(limit, places->size());
  std::partial_sort(places->begin(), places->begin() + static_cast<std::ptrdiff_t>(shown),
                    places->end());
  TracePage page;
  page.matched = static_cast<std::int64_t>(rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    page.rows.push_back(RowOf(table, (*places)[i].row, question));
  }
  if (shown > 0 && shown < places->size()) {
    page.next_cursor = MakeCursor((*places)[shown - 1], sort);
  }
  return page;
}

}  // namespace halo
