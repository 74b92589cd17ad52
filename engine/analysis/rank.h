// SPDX-License-Identifier: MIT
// The order in which failure modes are shown, and why. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/store/question.h"
#include "engine/store/store.h"
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

struct RankedMode {
  ModeStats stats;
  Prose title;
  std::string_view detector, category;
  Severity severity = Severity::kLow;
  Generality generality = Generality::kOneOff;
  Triage triage;

  Share share;                // of all settled units in the filter: what is ranked by
  Share rate;                 // of the eligible units: what is shown
  double waste_usd = 0;       // median waste of an affected unit plus the floor, see WasteUsd
  double outcome_factor = 1;  // shrunken risk ratio of failed outcomes; 1 when it cannot be known
  bool outcome_known = false;
  double score = 0;  // share.low x waste_usd x outcome_factor
};

// One number for tokens, money and time, so that modes can be compared: dollars as spent; tokens
// without a price at 1 USD a million; a second on the critical path at 0.0001 USD (a user's or a
// machine's wait is worth something, but less than most model calls); plus a floor by severity
// (low 0.0001, medium 0.001, high 0.01 USD), so that a refusal or a lost error counts though it
// wastes nothing that can be measured.
double WasteUsd(const Waste& median, Severity severity);

// Best first. A mode's score is
//     lower Wilson bound of (units with the mode / all settled units in the filter)
//   x WasteUsd(median waste of an affected unit)
//   x shrunken risk ratio of failure (stratified by trace length; 1 with fewer than 5 failed or 5
//     successful units; units whose outcome the finding itself decided are left out)
// Ties go to more units, then the smaller id.
std::vector<RankedMode> RankModes(std::vector<ModeStats> modes, std::int64_t settled_units,
                                  std::span<const Triage> triages, std::int64_t now_ns);

}  // namespace halo
