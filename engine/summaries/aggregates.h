// SPDX-License-Identifier: MIT
// The questions over many traces, answered from a SummaryTable. Answers depend on the set of
// traces alone, never on the order in which they came: sums are of integers, and every list has an
// order of its own. Pure functions; any thread. Over many traces, modes are answered on a few
// threads that end with the call.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

OverviewStats AnswerOverview(const SummaryTable& table, const Question& question);
// Not all of them, once the question is asked to stop.
std::vector<ModeStats> AnswerModes(const SummaryTable& table, const Question& question,
                                   ModeId only);
// Both at once, which takes less time than one after the other.
std::pair<OverviewStats, std::vector<ModeStats>> AnswerOverviewAndModes(const SummaryTable& table,
                                                                        const Question& question,
                                                                        ModeId only);
std::vector<OperationStats> AnswerOperations(const SummaryTable& table, const Question& question,
                                             OperationGroup group);
// kInvalidArgument for a cursor of another sort or a broken one.
Result<TracePage> AnswerTraces(const SummaryTable& table, const Question& question, TraceSort sort,
                               std::size_t limit, std::string_view cursor);

// One row of a list.
TraceRow RowOf(const SummaryTable& table, SummaryTable::Row row, const Question& question);

}  // namespace halo
