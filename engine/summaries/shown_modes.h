// SPDX-License-Identifier: MIT
// Which runs show a failure mode that answers list by default: one whose findings are proven or
// likely, whatever the user decided about it. Pure functions; any thread; linear in the findings.
#pragma once

#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/doubts.h"
#include "engine/summaries/find_units.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Whether a trace has a finding that is no candidate.
bool ShowsMode(const SummaryTable& table, const Doubts& doubts, SummaryTable::Row row);

// Those of `rows` whose run shows no mode, or with `without` false, some mode. Where the session is
// the run, one trace of it suffices, whether or not it is among `rows`.
std::vector<SummaryTable::Row> RowsWithoutMode(const SummaryTable& table, const RowUnits& units,
                                               const Doubts& doubts,
                                               std::vector<SummaryTable::Row> rows, bool without);

}  // namespace halo
