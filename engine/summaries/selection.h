// SPDX-License-Identifier: MIT
// Selects the traces of a question and groups them into runs. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Live rows that pass the filter. A filter for a failure mode selects all rows of its entry
// (entries.h).
std::vector<SummaryTable::Row> MatchingRows(const SummaryTable& table, const Question& question);

// Those of `rows` that have settled. Only they count in statistics of outcomes and modes.
std::vector<SummaryTable::Row> SettledRows(const SummaryTable& table,
                                           const std::vector<SummaryTable::Row>& rows,
                                           const Question& question, const RowUnits& units);

// Those of `rows` that belong to a run; the others are the emitter's own work: Codex writes some
// twenty traces a turn, most of one span. These are traces without a call of a model or tool, and,
// in a project whose unit is the session, without a session, or where it is the turn, an agent.
std::vector<SummaryTable::Row> RunsAmong(const SummaryTable& table,
                                         std::vector<SummaryTable::Row> rows,
                                         const RowUnits& units);

// The start of a unit whose time is unknown.
inline constexpr std::int64_t kUnknownStart = INT64_MAX;

// Runs among settled traces, numbered from 0. In a project with Unit::kSession the traces of a
// session are one run, and a trace without a session is a run of its own.
struct Units {
  std::vector<std::uint32_t> of;  // the unit of each row
  std::uint32_t count = 0;
};
Units MakeUnits(const SummaryTable& table, const std::vector<SummaryTable::Row>& rows,
                const RowUnits& by_session);

// Facts about each unit. A session's outcome is the one that the strongest rule decided for
// any of its traces; among equally strong ones failure wins over success, and success over unknown.
struct UnitFacts {
  std::vector<Outcome> outcome;
  std::vector<OutcomeRule> rule;
  std::vector<std::int64_t> steps, start_ns;  // the sum; the earliest
};
UnitFacts FactsOfUnits(const SummaryTable& table, const std::vector<SummaryTable::Row>& rows,
                       const Units& units);

// Whether an operation counts as model calls. In a trace without model calls, spans that carry
// usage count instead.
bool CountsAsModelCall(const SummaryColumns& columns, SummaryTable::Row row, std::size_t operation);

// The median; 0 if there are no values. Reorders them.
std::int64_t Median(std::vector<std::int64_t>& values);

}  // namespace halo
