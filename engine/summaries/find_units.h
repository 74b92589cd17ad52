// SPDX-License-Identifier: MIT
// What each trace is to the runs that are counted. Immutable; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/unit.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Units by the rule. What it leaves open (Unit::kAuto) is decided for each service of a project
// from all of its traces, so that the filter of a question does not change what a run is:
//
//   - kTurn if the emitter is known to write traces of its own work beside those of its turns
//     (Codex: some twenty a turn).
//   - kSession if sessions join traces that are not runs by themselves: without an agent, with
//     hardly more than one call of a model or tool each, and at least two a session.
//   - else kTrace.
class RowUnits {
 public:
  RowUnits(const SummaryTable& table, const UnitRule& rule);

  Unit Of(SummaryTable::Row row) const { return of_row_.empty() ? all_ : of_row_[row]; }
  // The session whose traces are one run with this one; 0 if it is a run of its own.
  std::uint32_t SessionOf(SummaryTable::Row row) const {
    return any_sessions_ && Of(row) == Unit::kSession ? table_.session_of(row) : 0;
  }
  bool any_sessions() const { return any_sessions_; }
  // Whether some traces may be no runs.
  bool any_own_work() const { return any_sessions_ || any_turns_; }

 private:
  const SummaryTable& table_;
  Unit all_ = Unit::kTrace;
  std::vector<Unit> of_row_;  // empty if all have the same
  bool any_sessions_ = false, any_turns_ = false;
};

}  // namespace halo
