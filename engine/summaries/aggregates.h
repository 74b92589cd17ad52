// SPDX-License-Identifier: MIT
// Answers questions over many traces from a SummaryTable. An answer depends on the set of traces
// and not on the order in which they arrived: sums are of integers, and every list is sorted. Pure
// functions; any thread. Over many traces, AnswerModes uses a few threads that end with the call.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/bottlenecks.h"
#include "engine/model/cohorts.h"
#include "engine/model/fix.h"
#include "engine/model/observed_run.h"
#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

OverviewStats AnswerOverview(const SummaryTable& table, const Question& question);
// Incomplete once question.stop is requested.
std::vector<ModeStats> AnswerModes(const SummaryTable& table, const Question& question,
                                   ModeId only);
// Both at the same time, on two threads if there are many traces.
std::pair<OverviewStats, std::vector<ModeStats>> AnswerOverviewAndModes(const SummaryTable& table,
                                                                        const Question& question,
                                                                        ModeId only);
std::vector<OperationStats> AnswerOperations(const SummaryTable& table, const Question& question,
                                             OperationGroup group);
// Likewise for groups of whole traces: kTrace, kSession or kTask.
std::vector<OperationStats> AnswerRunGroups(const SummaryTable& table, const Question& question,
                                            OperationGroup group);
// The settled runs of both sides, and what they show.
Cohorts AnswerCohorts(const SummaryTable& table, const CohortQuestion& question);
Bottlenecks AnswerBottlenecks(const SummaryTable& table, const Question& question);
// kInvalidArgument for a malformed cursor or one of another sort.
Result<TracePage> AnswerTraces(const SummaryTable& table, const Question& question, TraceSort sort,
                               std::size_t limit, std::string_view cursor);

// See Store::ObserveRuns.
ObservedRuns AnswerRuns(const SummaryTable& table, const Question& question,
                        const TraceFilter& after, std::span<const FixTarget> targets);
// All traces, newest first.
std::vector<TraceStart> AnswerTraceStarts(const SummaryTable& table, const Question& question);

// See Store::OldestTraces.
std::vector<AgedTrace> AnswerOldest(const SummaryTable& table, const Question& question,
                                    std::size_t limit);

// One row of a list, without the entries of its findings.
TraceRow RowOf(const SummaryTable& table, SummaryTable::Row row, const Question& question);
// Gives the traces found their entries. `traces`: the store's number of each.
void NameEntries(const SummaryTable& table, const Question& question,
                 std::span<const std::int64_t> traces, SearchPage& page);

}  // namespace halo
