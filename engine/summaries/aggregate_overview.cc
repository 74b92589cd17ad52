// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "engine/summaries/aggregates.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/shown_modes.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Counts traces and spans by word.
class WordCounts {
 public:
  explicit WordCounts(const SummaryTable& table)
      : table_(table), counts_(table.columns().words.size()) {}

  void AddTrace(StringId word) { ++counts_[word].traces; }
  void AddSpans(StringId word, std::int64_t spans) { counts_[word].spans += spans; }

  // Most traces first, then by name. Leaves out the empty name and names without a trace.
  std::vector<NamedCount> Sorted() const {
    std::vector<NamedCount> sorted;
    for (std::size_t word = 1; word < counts_.size(); ++word) {
      if (counts_[word].traces == 0) continue;
      sorted.push_back({std::string(table_.Text(static_cast<StringId>(word))), counts_[word].traces,
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

// Sums of columns over some rows, one column at a time, so that memory is read sequentially.
class Sums {
 public:
  Sums(const SummaryTable& table, const std::vector<Row>& rows)
      : rows_(rows), all_(rows.size() == table.rows()) {}

  template <class T>
  std::int64_t operator()(const std::vector<T>& column) const {
    if (all_) return std::accumulate(column.begin(), column.end(), std::int64_t{0});
    std::int64_t sum = 0;
    for (const Row row : rows_) sum += column[row];
    return sum;
  }

 private:
  const std::vector<Row>& rows_;
  const bool all_;
};

void SumUp(const SummaryTable& table, const std::vector<Row>& rows, OverviewStats& out) {
  const SummaryColumns& c = table.columns();
  const Sums sum(table, rows);
  out.spans = sum(c.span_count);
  out.llm_calls = sum(c.llm_calls);
  out.tool_calls = sum(c.tool_calls);
  out.failed_spans = sum(c.failed_spans);
  out.usage = {sum(c.usage.input), sum(c.usage.output), sum(c.usage.cache_read),
               sum(c.usage.cache_write), sum(c.usage.reasoning)};
  out.nano_usd = sum(c.nano_usd);
  out.unpriced_calls = sum(c.unpriced_calls);
  out.reported_costs = sum(c.reported_costs);
  out.computed_costs = sum(c.computed_costs);
  out.cost_mismatches = sum(c.cost_mismatches);
  for (std::size_t rule = 0; rule < out.cache_rules.size(); ++rule) {
    out.cache_rules[rule] = sum(c.cache_rules[rule]);
  }
  for (std::size_t i = 0; i < out.readings.size(); ++i) out.readings[i] = sum(c.readings[i]);
  for (std::size_t i = 0; i < kHealthCountCount; ++i) {
    out.health.*kHealthCounts[i].count = sum(c.health[i]);
  }
}

// `settled`: a subset of `rows`, in the same order.
void SumUpOpen(const SummaryTable& table, const std::vector<Row>& rows,
               const std::vector<Row>& settled, OverviewStats& out) {
  const SummaryColumns& c = table.columns();
  const std::vector<std::int32_t>& without_usage = c.Health(&HealthCounts::llm_without_tokens);
  auto next = settled.begin();
  for (const Row row : rows) {
    if (next != settled.end() && *next == row) {
      ++next;
      continue;
    }
    out.open_usage += UsageAt(c.usage, row);
    out.open_nano_usd += c.nano_usd[row];
    out.open_unpriced_calls += c.unpriced_calls[row];
    out.open_calls_without_usage += without_usage[row];
  }
}

void CountNames(const SummaryTable& table, const std::vector<Row>& rows, OverviewStats& out) {
  const SummaryColumns& c = table.columns();
  WordCounts agents(table), models(table), tools(table), services(table), projects(table);
  WordCounts dialects(table), unread_keys(table);
  const auto add = [](const WordCountColumn& column, Row row, WordCounts& words) {
    for (std::uint32_t i = column.words.begin(row); i < column.words.end(row); ++i) {
      words.AddTrace(column.words.items[i]);
      words.AddSpans(column.words.items[i], column.counts[i]);
    }
  };
  std::vector<bool> unpriced(c.words.size());
  for (const Row row : rows) {
    for (const StringId word : c.agents[row]) agents.AddTrace(word);
    for (const StringId word : c.models[row]) models.AddTrace(word);
    for (const StringId word : c.tools[row]) tools.AddTrace(word);
    services.AddTrace(c.service[row]);
    services.AddSpans(c.service[row], c.span_count[row]);
    projects.AddTrace(c.project[row]);
    projects.AddSpans(c.project[row], c.span_count[row]);
    add(c.dialects, row, dialects);
    add(c.unread_keys, row, unread_keys);
    for (std::uint32_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
      const std::int64_t count = c.operations.count[i];
      agents.AddSpans(c.operations.agent[i], count);
      const auto kind = static_cast<Kind>(c.operations.kind[i]);
      if (CountsAsModelCall(c, row, i)) models.AddSpans(c.operations.model[i], count);
      if (kind == Kind::kTool) {
        tools.AddSpans(c.operations.name[i], count);
      }
      if (c.operations.unpriced[i] > 0 && c.unpriced_calls[row] > 0) {
        unpriced[c.operations.model[i]] = true;
      }
    }
  }
  out.agents = agents.Sorted();
  out.models = models.Sorted();
  out.tools = tools.Sorted();
  out.services = services.Sorted();
  out.dialects = dialects.Sorted();
  out.unread_keys = unread_keys.Sorted();
  out.projects = projects.Sorted();
  for (std::size_t word = 1; word < unpriced.size(); ++word) {
    if (unpriced[word]) out.unpriced_models.emplace_back(table.Text(static_cast<StringId>(word)));
  }
  std::sort(out.unpriced_models.begin(), out.unpriced_models.end());
}

TypicalRun TypicalOf(const SummaryTable& table, const std::vector<Row>& settled,
                     const Units& units) {
  const SummaryColumns& c = table.columns();
  std::vector<std::int64_t> tokens(units.count), nano_usd(units.count), duration_ns(units.count);
  for (std::size_t i = 0; i < settled.size(); ++i) {
    const Row row = settled[i];
    const std::uint32_t unit = units.of[i];
    tokens[unit] += c.usage.input[row] + c.usage.output[row];
    nano_usd[unit] += c.nano_usd[row];
    duration_ns[unit] += c.critical_ns[row];
  }
  const auto median = [](std::vector<std::int64_t>& values) {
    std::erase(values, 0);
    return Median(values);
  };
  return {median(tokens), median(nano_usd), median(duration_ns)};
}

// The unit of the traces, and where their own data chose it.
void NameUnits(const SummaryTable& table, const std::vector<Row>& rows, const UnitRule& asked,
               const RowUnits& units, OverviewStats& out) {
  const SummaryColumns& c = table.columns();
  if (rows.empty()) out.unit = asked.unit == Unit::kAuto ? Unit::kTrace : asked.unit;
  std::set<std::pair<StringId, StringId>> seen;
  for (const Row row : rows) {
    const Unit unit = units.Of(row);
    out.unit = row == rows.front() || out.unit == unit ? unit : Unit::kAuto;
    const bool is_found =
        unit != Unit::kTrace && asked.Of(table.Text(c.project[row])) == Unit::kAuto;
    if (!is_found || !seen.emplace(c.project[row], c.service[row]).second) continue;
    const StringId name = c.service[row] != 0 ? c.service[row] : c.project[row];
    out.found_units.emplace_back(table.Text(name), unit);
  }
  std::sort(out.found_units.begin(), out.found_units.end());
}

// Counts units by what none of their traces has.
void CountUnits(const SummaryTable& table, const std::vector<Row>& runs, const Units& units,
                const UnitFacts& facts, const Doubts& doubts, OverviewStats& out) {
  std::vector<bool> shows_mode(units.count), calls_tool(units.count);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::uint32_t unit = units.of[i];
    if (ShowsMode(table, doubts, runs[i])) shows_mode[unit] = true;
    if (table.columns().tool_calls[runs[i]] > 0) calls_tool[unit] = true;
  }
  for (std::uint32_t unit = 0; unit < units.count; ++unit) {
    out.failed_without_mode += facts.outcome[unit] == Outcome::kFailure && !shows_mode[unit];
    out.units_without_tools += !calls_tool[unit];
  }
}

}  // namespace

OverviewStats AnswerOverview(const SummaryTable& table, const Question& question) {
  const SummaryColumns& c = table.columns();
  const std::vector<Row> rows = MatchingRows(table, question);
  OverviewStats out;
  out.traces = static_cast<std::int64_t>(rows.size());
  std::vector<bool> session_seen(table.session_count());
  SumUp(table, rows, out);
  for (const Row row : rows) {
    const std::int64_t end = std::max(c.start_ns[row], c.end_ns[row]);
    if (c.start_ns[row] > 0 && (out.first_ns == 0 || c.start_ns[row] < out.first_ns)) {
      out.first_ns = c.start_ns[row];
    }
    out.last_ns = std::max(out.last_ns, end);
    const std::uint32_t session = table.session_of(row);
    if (session != 0 && !session_seen[session]) {
      session_seen[session] = true;
      ++out.sessions;
    }
  }
  CountNames(table, rows, out);

  const RowUnits row_units(table, question.units);
  NameUnits(table, rows, question.units, row_units, out);
  const std::vector<Row> settled = SettledRows(table, rows, question, row_units);
  out.open_traces = static_cast<std::int64_t>(rows.size() - settled.size());
  SumUpOpen(table, rows, settled, out);
  for (const Row row : settled) {
    out.abandoned_traces += table.State(row, question) == RunState::kAbandoned;
  }
  const std::vector<Row> runs = RunsAmong(table, settled, row_units);
  const Units units = MakeUnits(table, runs, row_units);
  out.units = units.count;
  out.typical_run = TypicalOf(table, runs, units);
  const UnitFacts facts = FactsOfUnits(table, runs, units);
  for (std::uint32_t unit = 0; unit < units.count; ++unit) {
    ++out.outcomes[static_cast<std::size_t>(facts.outcome[unit])];
    ++out.outcome_rules[static_cast<std::size_t>(facts.rule[unit])];
  }
  CountUnits(table, runs, units, facts, Doubts(table, question), out);
  return out;
}

}  // namespace halo
