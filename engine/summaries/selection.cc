// SPDX-License-Identifier: MIT
#include "engine/summaries/selection.h"

#include <algorithm>
#include <utility>

#include "engine/model/kind.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/shown_modes.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

// Applies one condition at a time: each pass reads one column of the remaining rows.
class Narrowing {
 public:
  Narrowing(const SummaryTable& table, std::vector<Row>& rows) : c_(table.columns()), rows_(rows) {}

  template <class Holds>
  void Keep(Holds&& holds) {
    rows_.erase(std::remove_if(rows_.begin(), rows_.end(), [&](Row row) { return !holds(row); }),
                rows_.end());
  }

  void Is(const std::optional<std::string>& text, const StringPool& words,
          const std::vector<StringId>& column) {
    WithWord(text, words,
             [&](StringId word) { Keep([&](Row row) { return column[row] == word; }); });
  }

  void Has(const std::optional<std::string>& text, const ListColumn<StringId>& column) {
    WithWord(text, c_.words, [&](StringId word) {
      Keep([&](Row row) {
        const auto words = column[row];
        return std::find(words.begin(), words.end(), word) != words.end();
      });
    });
  }

  void HasNot(const std::optional<std::string>& text, const ListColumn<StringId>& column) {
    const std::optional<StringId> word = text ? c_.words.Find(*text) : std::nullopt;
    if (!word) return;
    Keep([&](Row row) {
      const auto words = column[row];
      return std::find(words.begin(), words.end(), *word) == words.end();
    });
  }

  // One of the words in either column; no words at all select everything.
  void AnyOf(const std::vector<std::string>& projects, const std::vector<std::string>& services) {
    if (projects.empty() && services.empty()) return;
    const std::vector<StringId> project = Known(projects), service = Known(services);
    const auto holds = [](const std::vector<StringId>& words, StringId word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    Keep([&](Row row) {
      return holds(project, c_.project[row]) || holds(service, c_.service[row]);
    });
  }

 private:
  std::vector<StringId> Known(const std::vector<std::string>& texts) const {
    std::vector<StringId> known;
    for (const std::string& text : texts) {
      if (const std::optional<StringId> word = c_.words.Find(text)) known.push_back(*word);
    }
    return known;
  }

  // A text that no trace contains is not in the pool.
  template <class Then>
  void WithWord(const std::optional<std::string>& text, const StringPool& words, Then&& then) {
    if (!text) return;
    const std::optional<StringId> word = words.Find(*text);
    if (word) {
      then(*word);
    } else {
      rows_.clear();
    }
  }

  const SummaryColumns& c_;
  std::vector<Row>& rows_;
};

// Calls of one tool, or of all.
std::int64_t CallsOf(const SummaryColumns& c, Row row, std::optional<StringId> tool) {
  std::int64_t calls = 0;
  for (std::uint32_t i = c.calls.words.begin(row); i < c.calls.words.end(row); ++i) {
    if (!tool || c.calls.words.items[i] == *tool) calls += c.calls.counts[i];
  }
  return calls;
}

// The conditions on tools. A tool counts as called whether or not its calls have spans.
void KeepByCalls(const TraceFilter& filter, const SummaryColumns& c, Narrowing& narrow) {
  const auto with = [&](Row row, StringId tool) {
    const auto tools = c.tools[row];
    return std::find(tools.begin(), tools.end(), tool) != tools.end() || CallsOf(c, row, tool) > 0;
  };
  std::optional<StringId> tool;
  if (filter.tool) {
    tool = c.words.Find(*filter.tool);
    narrow.Keep([&](Row row) { return tool && with(row, *tool); });
  }
  if (filter.not_tool) {
    if (const std::optional<StringId> not_tool = c.words.Find(*filter.not_tool)) {
      narrow.Keep([&](Row row) { return !with(row, *not_tool); });
    }
  }
  narrow.Is(filter.ends_with_tool, c.words, c.last_tool);
  if (!filter.min_calls && !filter.max_calls) return;
  narrow.Keep([&](Row row) {
    const std::int64_t calls = CallsOf(c, row, tool);
    return calls >= filter.min_calls.value_or(0) && calls <= filter.max_calls.value_or(INT64_MAX);
  });
}

}  // namespace

std::vector<Row> MatchingRows(const SummaryTable& table, const Question& question) {
  const TraceFilter& filter = question.filter;
  const SummaryColumns& c = table.columns();
  std::vector<Row> rows;
  rows.reserve(table.rows());
  for (Row row = 0; row < table.rows(); ++row) {
    if (table.live(row)) rows.push_back(row);
  }
  Narrowing narrow(table, rows);
  if (filter.among) narrow.Keep([&](Row row) { return filter.among->contains(table.Key(row)); });
  narrow.Is(filter.project, c.words, c.project);
  narrow.Is(filter.service, c.words, c.service);
  narrow.AnyOf(filter.bound_projects, filter.bound_services);
  narrow.Is(filter.session, c.ids, c.session);
  narrow.Is(filter.task, c.ids, c.task);
  narrow.Is(filter.user, c.ids, c.user);
  narrow.Is(filter.environment, c.words, c.environment);
  narrow.Is(filter.version, c.words, c.version);
  narrow.Has(filter.agent, c.agents);
  narrow.Has(filter.model, c.models);
  KeepByCalls(filter, c, narrow);
  narrow.HasNot(filter.not_agent, c.agents);
  for (const std::string& behaviour : filter.behaviours) narrow.Has(behaviour, c.behaviours);
  narrow.Has(filter.tag, c.tags);
  if (filter.trace_id) {
    narrow.Keep([&](Row row) { return TextAt(c.trace_id, row).starts_with(*filter.trace_id); });
  }
  if (filter.outcome) narrow.Keep([&](Row row) { return table.outcome(row) == *filter.outcome; });
  if (filter.has_error) {
    narrow.Keep([&](Row row) { return (c.failed_spans[row] > 0) == *filter.has_error; });
  }
  if (filter.without_start) narrow.Keep([&](Row row) { return c.start_ns[row] == 0; });
  if (filter.since_ns) narrow.Keep([&](Row row) { return c.start_ns[row] >= *filter.since_ns; });
  if (filter.until_ns) {
    narrow.Keep([&](Row row) { return c.start_ns[row] > 0 && c.start_ns[row] < *filter.until_ns; });
  }
  if (filter.min_nano_usd) {
    narrow.Keep([&](Row row) { return c.nano_usd[row] >= *filter.min_nano_usd; });
  }
  if (filter.min_duration_ns) {
    narrow.Keep([&](Row row) {
      return LengthNs(c.start_ns[row], c.end_ns[row]) >= *filter.min_duration_ns;
    });
  }
  if (filter.no_mode) {
    rows = RowsWithoutMode(table, RowUnits(table, question.units), Doubts(table, question),
                           std::move(rows), *filter.no_mode);
  }
  if (filter.failure_mode) {
    rows = RowsOfEntry(table, question, *filter.failure_mode, std::move(rows));
  }
  return rows;
}

bool CountsAsModelCall(const SummaryColumns& columns, Row row, std::size_t operation) {
  const OperationColumns& c = columns.operations;
  if (CallsModel(static_cast<Kind>(c.kind[operation]))) return true;
  // Only operations with usage have a model, and usage is not loaded for every question.
  return columns.llm_calls[row] == 0 && c.model[operation] != 0;
}

std::int64_t Median(std::vector<std::int64_t>& values) {
  if (values.empty()) return 0;
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const std::int64_t below = *std::max_element(values.begin(), middle);
  return below + (*middle - below) / 2;
}

namespace {

// Sessions with an open trace or with recent arrivals. All their traces count, not only those that
// pass the filter.
std::vector<bool> OpenSessions(const SummaryTable& table, const Question& question) {
  const SummaryColumns& c = table.columns();
  Question session = question;
  session.settle.quiet_ns = std::max(session.settle.quiet_ns, session.settle.session_ns);
  session.settle.abandoned_ns = std::max(session.settle.abandoned_ns, session.settle.session_ns);
  session.settle.log_ns = std::max(session.settle.log_ns, session.settle.session_ns);
  std::vector<bool> open(table.session_count());
  for (Row row = 0; row < table.rows(); ++row) {
    if (!table.live(row) || c.session[row] == 0) continue;
    if (table.State(row, session) == RunState::kOpen) open[table.session_of(row)] = true;
  }
  return open;
}

}  // namespace

std::vector<Row> SettledRows(const SummaryTable& table, const std::vector<Row>& rows,
                             const Question& question, const RowUnits& by_session) {
  std::vector<bool> open;
  if (by_session.any_sessions()) open = OpenSessions(table, question);
  std::vector<Row> settled;
  settled.reserve(rows.size());
  for (const Row row : rows) {
    const std::uint32_t session = by_session.SessionOf(row);
    const bool is_open =
        session != 0 ? open[session] : table.State(row, question) == RunState::kOpen;
    if (!is_open) settled.push_back(row);
  }
  return settled;
}

std::vector<Row> RunsAmong(const SummaryTable& table, std::vector<Row> rows,
                           const RowUnits& units) {
  if (!units.any_own_work()) return rows;
  const SummaryColumns& c = table.columns();
  std::erase_if(rows, [&](Row row) {
    const bool does_nothing = c.llm_calls[row] == 0 && c.tool_calls[row] == 0 && c.steps[row] == 0;
    if (!does_nothing) return false;
    const Unit unit = units.Of(row);
    return unit == Unit::kTurn ? c.agents[row].empty()
                               : unit == Unit::kSession && c.session[row] == 0;
  });
  return rows;
}

Units MakeUnits(const SummaryTable& table, const std::vector<Row>& rows,
                const RowUnits& by_session) {
  Units units;
  units.of.reserve(rows.size());
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::vector<std::uint32_t> unit_of_session(by_session.any_sessions() ? table.session_count() : 0,
                                             kNone);
  for (const Row row : rows) {
    const std::uint32_t session = by_session.SessionOf(row);
    if (session == 0) {
      units.of.push_back(units.count++);
      continue;
    }
    std::uint32_t& known = unit_of_session[session];
    if (known == kNone) known = units.count++;
    units.of.push_back(known);
  }
  return units;
}

UnitFacts FactsOfUnits(const SummaryTable& table, const std::vector<Row>& rows,
                       const Units& units) {
  const SummaryColumns& c = table.columns();
  UnitFacts facts;
  facts.outcome.assign(units.count, Outcome::kUnknown);
  facts.rule.assign(units.count, OutcomeRule::kNone);
  facts.steps.assign(units.count, 0);
  facts.start_ns.assign(units.count, kUnknownStart);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    const std::uint32_t unit = units.of[i];
    // Outcome::kFailure is the largest value and kUnknown the smallest.
    const auto is = std::pair(table.outcome_rule(row), table.outcome(row));
    if (is > std::pair(facts.rule[unit], facts.outcome[unit])) {
      facts.rule[unit] = is.first;
      facts.outcome[unit] = is.second;
    }
    facts.steps[unit] += c.steps[row];
    if (c.start_ns[row] > 0) facts.start_ns[unit] = std::min(facts.start_ns[unit], c.start_ns[row]);
  }
  return facts;
}

}  // namespace halo
