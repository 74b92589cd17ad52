// SPDX-License-Identifier: MIT
// Which traces a question is about, and which of them make up one run. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Live rows that pass the filter.
std::vector<SummaryTable::Row> MatchingRows(const SummaryTable& table, const TraceFilter& filter);

// Of them those that have settled: only these enter statistics of outcomes and modes.
std::vector<SummaryTable::Row> SettledRows(const SummaryTable& table,
                                           const std::vector<SummaryTable::Row>& rows,
                                           const Question& question);

// The start of a unit of which no time is known.
inline constexpr std::int64_t kUnknownStart = INT64_MAX;

// Runs among settled traces, numbered from 0. With Unit::kSession the traces of a session are one
// run, and a trace without session is a run of its own.
struct Units {
  std::vector<std::uint32_t> of;  // along the rows they were made of
  std::uint32_t count = 0;
};
Units MakeUnits(const SummaryTable& table, const std::vector<SummaryTable::Row>& rows, Unit unit);

// What is known of each unit. A session's outcome is the one that the strongest rule decided for
// any of its traces; of equally strong ones failure beats success beats unknown.
struct UnitFacts {
  std::vector<Outcome> outcome;
  std::vector<OutcomeRule> rule;
  std::vector<std::int64_t> steps, start_ns;  // sum; the earliest
};
UnitFacts FactsOfUnits(const SummaryTable& table, const std::vector<SummaryTable::Row>& rows,
                       const Units& units);

// Whether an operation is one of model calls. In a trace without any the spans that carry usage
// stand for them.
bool CountsAsModelCall(const SummaryColumns& columns, SummaryTable::Row row, std::size_t operation);

// The middle one, or between the two middle ones; 0 of none. Reorders them.
std::int64_t Median(std::vector<std::int64_t>& values);

}  // namespace halo
