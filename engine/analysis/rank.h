// SPDX-License-Identifier: MIT
// The order in which failure modes are shown, and why. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/model/question.h"
#include "engine/model/triage.h"
#include "schemas/trace_text.h"

namespace halo {

// How far a mode generalises, so that nobody overfits a harness to one run.
//   one_off    in one unit, or in fewer than 3 units that all share one task or one session
//   systemic   in at least 5 units of at least 3 tasks (sessions where tasks are unknown, units
//              where both are), in at least 2 of the 8 parts of the time range, unless one part
//              holds nine tenths of all units
//   recurring  what lies between
enum class Generality : std::uint8_t { kSystemic, kRecurring, kOneOff };
std::string_view GeneralityName(Generality generality);

struct Share {
  double value = 0, low = 0, high = 0;  // low and high: 95 % Wilson interval
};

// What waste is measured in: money; where no run's is known tokens, and where nobody counted those
// time.
enum class WasteUnit : std::uint8_t { kUsd, kTokens, kMs };

// Compares what modes waste with what a typical run of the filter spends.
class WasteMeasure {
 public:
  explicit WasteMeasure(const TypicalRun& typical) : typical_(typical) {}

  // How many typical runs' spend it is: by money, where its price is unknown by tokens, where they
  // are unknown by time.
  double Runs(const Waste& waste) const;
  WasteUnit unit() const;
  double typical() const;  // what such a run spends, in that unit

 private:
  TypicalRun typical_;
};

struct RankedMode {
  ModeStats stats;
  Prose title;
  std::string_view detector, category;
  Severity severity = Severity::kLow;
  Generality generality = Generality::kOneOff;
  Triage triage;

  Share share;       // of all settled units in the filter: what is ranked by
  Share rate;        // of the eligible units: what is shown
  double waste = 0;  // median waste of an affected unit plus the floor, see RankModes
  WasteUnit waste_unit = WasteUnit::kUsd;
  double wasted_runs = 0;     // its waste in all, as typical runs
  double outcome_factor = 1;  // shrunken risk ratio of failed outcomes; 1 when it cannot be known
  bool outcome_known = false;
  double score = 0;  // share.low x waste x outcome_factor
};

// Best first. A mode's score is
//     lower Wilson bound of (units with the mode / all settled units in the filter)
//   x (median waste of an affected unit + a floor by severity: 1, 10 or 50 % of what a run in the
//     filter costs in the median, so that a refusal or a swallowed error counts though it burns
//     nothing; where cost is unknown tokens take its place, then time)
//   x shrunken risk ratio of failure: exp of the shrunken log risk ratio, stratified by trace
//   length;
//     1 with fewer than 5 failed or 5 successful units, never above 1 where no affected unit
//     failed; units whose outcome the finding itself decided are left out, and all of an
//     evaluator's own
// Ties go to more units, then the smaller id.
std::vector<RankedMode> RankModes(std::vector<ModeStats> modes, const OverviewStats& totals,
                                  std::span<const Triage> triages, std::int64_t now_ns);

}  // namespace halo
