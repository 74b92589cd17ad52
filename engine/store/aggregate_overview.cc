// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/store/aggregates.h"
#include "engine/store/selection.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Traces and spans by word.
class WordCounts {
 public:
  explicit WordCounts(const SummaryTable& table)
      : table_(table), counts_(table.columns().words.size()) {}

  void AddTrace(Word word) { ++counts_[word].traces; }
  void AddSpans(Word word, std::int64_t spans) { counts_[word].spans += spans; }

  // Most traces first, then by name; the empty name and names without a trace are left out.
  std::vector<NamedCount> Sorted() const {
    std::vector<NamedCount> sorted;
    for (std::size_t word = 1; word < counts_.size(); ++word) {
      if (counts_[word].traces == 0) continue;
      sorted.push_back({std::string(table_.Text(static_cast<Word>(word))), counts_[word].traces,
                        counts_[word].spans});
    }
    std::sort(sorted.begin(), sorted.end(), [](const NamedCount& a, const NamedCount& b) {
      return a.traces != b.traces ? a.traces > b.traces : a.name < b.name;
    });
    return sorted;
  }

 private:
  struct Count {
    std::int64_t traces = 0, spans = 0;
  };
  const SummaryTable& table_;
  std::vector<Count> counts_;
};

void AddTrace(const SummaryColumns& c, Row row, OverviewStats& out) {
  out.spans += c.span_count[row];
  out.llm_calls += c.llm_calls[row];
  out.tool_calls += c.tool_calls[row];
  out.failed_spans += c.failed_spans[row];
  out.usage.input += c.usage.input[row];
  out.usage.output += c.usage.output[row];
  out.usage.cache_read += c.usage.cache_read[row];
  out.usage.cache_write += c.usage.cache_write[row];
  out.usage.reasoning += c.usage.reasoning[row];
  out.nano_usd += c.nano_usd[row];
  out.unpriced_calls += c.unpriced_calls[row];
  out.reported_costs += c.reported_costs[row];
  out.computed_costs += c.computed_costs[row];
  out.cost_mismatches += c.cost_mismatches[row];
  for (std::size_t rule = 0; rule < out.cache_rules.size(); ++rule) {
    out.cache_rules[rule] += c.cache_rules[rule][row];
  }
  out.health.missing_parents += c.missing_parents[row];
  out.health.cyclic_parents += c.cyclic_parents[row];
  out.health.end_before_start += c.end_before_start[row];
  out.health.outside_parent += c.outside_parent[row];
  out.health.duplicate_ids += c.duplicate_ids[row];
  out.health.llm_without_model += c.llm_without_model[row];
  out.health.llm_without_tokens += c.llm_without_tokens[row];
  out.unknown_convention += c.unknown_convention[row];
  out.clipped_spans += c.clipped_spans[row];
}

void CountNames(const SummaryTable& table, const std::vector<Row>& rows, OverviewStats& out) {
  const SummaryColumns& c = table.columns();
  WordCounts agents(table), models(table), tools(table), services(table);
  std::vector<bool> unpriced(c.words.size());
  for (const Row row : rows) {
    for (const Word word : c.agents[row]) agents.AddTrace(word);
    for (const Word word : c.models[row]) models.AddTrace(word);
    for (const Word word : c.tools[row]) tools.AddTrace(word);
    services.AddTrace(c.service[row]);
    services.AddSpans(c.service[row], c.span_count[row]);
    for (std::uint32_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
      const std::int64_t count = c.operations.count[i];
      agents.AddSpans(c.operations.agent[i], count);
      models.AddSpans(c.operations.model[i], count);
      if (c.operations.kind[i] == static_cast<std::uint8_t>(Kind::kTool)) {
        tools.AddSpans(c.operations.name[i], count);
      }
      if (c.operations.unpriced[i] > 0) unpriced[c.operations.model[i]] = true;
    }
  }
  out.agents = agents.Sorted();
  out.models = models.Sorted();
  out.tools = tools.Sorted();
  out.services = services.Sorted();
  for (std::size_t word = 1; word < unpriced.size(); ++word) {
    if (unpriced[word]) out.unpriced_models.emplace_back(table.Text(static_cast<Word>(word)));
  }
  std::sort(out.unpriced_models.begin(), out.unpriced_models.end());
}

}  // namespace

OverviewStats AnswerOverview(const SummaryTable& table, const Question& question) {
  const SummaryColumns& c = table.columns();
  const std::vector<Row> rows = MatchingRows(table, question.filter);
  OverviewStats out;
  out.traces = static_cast<std::int64_t>(rows.size());
  std::vector<bool> session_seen(table.session_count());
  for (const Row row : rows) {
    AddTrace(c, row, out);
    const std::int64_t end = std::max(c.start_ns[row], c.end_ns[row]);
    if (row == rows.front()) {
      out.first_ns = c.start_ns[row];
      out.last_ns = end;
    }
    out.first_ns = std::min(out.first_ns, c.start_ns[row]);
    out.last_ns = std::max(out.last_ns, end);
    const std::uint32_t session = table.session_of(row);
    if (session != 0 && !session_seen[session]) {
      session_seen[session] = true;
      ++out.sessions;
    }
  }
  CountNames(table, rows, out);

  const std::vector<Row> settled = SettledRows(table, rows, question.now_ns);
  out.open_traces = static_cast<std::int64_t>(rows.size() - settled.size());
  const Units units = MakeUnits(table, settled, question.unit);
  out.units = units.count;
  const UnitFacts facts = FactsOfUnits(table, settled, units);
  for (std::uint32_t unit = 0; unit < units.count; ++unit) {
    ++out.outcomes[static_cast<std::size_t>(facts.outcome[unit])];
    ++out.outcome_rules[static_cast<std::size_t>(facts.rule[unit])];
  }
  return out;
}

}  // namespace halo
