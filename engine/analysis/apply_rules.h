// SPDX-License-Identifier: MIT
// Rules of halo.toml over one run: each that its filter passes is a finding. Pure functions; any
// thread.
#pragma once

#include <span>

#include "engine/model/rule.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// Whether a run passes the conditions that it decides by itself; the others of the filter are
// ignored. Like MatchingRows of engine/summaries.
bool PassesByItself(const TraceFilter& filter, const TraceSummary& summary);

// The entry of a rule.
ModeId ModeOfRule(const Rule& rule);

// Adds the findings of the rules to a summary that is complete otherwise. They cite the last model
// call of the run and waste nothing.
void ApplyRules(std::span<const Rule> rules, const Trace& trace, TraceSummary& summary);

}  // namespace halo
