// SPDX-License-Identifier: MIT
// Ranks failure modes, and explains the ranking. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/outcome_link.h"
#include "engine/detectors/detector.h"
#include "engine/model/question.h"
#include "engine/model/triage.h"
#include "schemas/trace_text.h"

namespace halo {

// How far a mode generalises, so that users do not overfit a harness to one run.
//   one_off    in one unit, or in fewer than 3 units that all share one task or one session
//   systemic   in at least 5 units with at least 3 tasks (sessions if tasks are unknown, units if
//              both are), and in at least 2 of the 8 parts of the time range; the parts do not
//              matter if one of them holds nine tenths of all units
//   recurring  any other mode
enum class Generality : std::uint8_t { kSystemic, kRecurring, kOneOff };
std::string_view GeneralityName(Generality generality);

struct Share {
  double value = 0, low = 0, high = 0;  // low and high: 95 % Wilson interval; see clustered_share.h
};

// The unit of waste: money; tokens if the cost of a typical run is unknown; time if both are.
enum class WasteUnit : std::uint8_t { kUsd, kTokens, kMs };

// Compares the waste of modes with the spend of a typical run of the filter.
class WasteMeasure {
 public:
  explicit WasteMeasure(const TypicalRun& typical) : typical_(typical) {}

  // The waste as a multiple of a typical run's spend: by money; by tokens if the money is unknown;
  // by time if both are.
  double Runs(const Waste& waste) const;
  WasteUnit unit() const;
  double typical() const;  // the spend of a typical run, in unit()

 private:
  TypicalRun typical_;
};

struct RankedMode {
  ModeStats stats;
  Prose title;
  std::string_view detector, category;
  Severity severity = Severity::kLow;
  Confidence confidence = Confidence::kCandidate;
  Generality generality = Generality::kOneOff;
  Triage triage;

  Share share;       // of all settled units in the filter; used for ranking
  Share rate;        // of the eligible units; shown to the user
  double waste = 0;  // median waste of an affected unit plus the floor, see RankModes
  WasteUnit waste_unit = WasteUnit::kUsd;
  double wasted_runs = 0;     // its total waste, as a multiple of a typical run's spend
  double outcome_factor = 1;  // shrunken risk ratio of failed outcomes; 1 if unknown
  bool outcome_known = false;
  // Unknown in place of as often where all outcomes are the status of the runs' own spans.
  OutcomeLink link = OutcomeLink::kUnknown;
  // A business rule that refuses (kDomainRefusal): its category, and it wastes nothing.
  bool refusal = false;
  double score = 0;  // share.low x waste x outcome_factor
};

// What a failure of this severity costs at least, as a share of a typical run's spend.
double SeverityFloor(Severity severity);

// A mode in a few words.
Prose TitleOf(const TraceDetector& detector, const Locus& locus, std::string_view signature);

// Best first. A mode's score is
//     lower Wilson bound, corrected for runs of one task, of (units with the mode / all settled
//     units in the filter)
//   x (median waste of an affected unit + a floor by severity: 1, 10 or 50 % of the median cost of
//     a run in the filter, so that a refusal or a swallowed error counts although it wastes little;
//     tokens replace an unknown cost, and time replaces unknown tokens)
//   x shrunken risk ratio of failure: exp of the shrunken log risk ratio, stratified by trace
//     length; 1 with fewer than 5 failed or fewer than 5 successful units, at most 1 if no affected
//     unit failed, and at least 1 if all outcomes are the status of the runs' own spans (good also
//     where an agent gave up); without units whose outcome the finding's spans decided, and units
//     whose finding includes an evaluator's span
// Business rules that refuse come after all other modes, except those that failed runs show more
// often. Ties go to more units, then to the smaller id.
std::vector<RankedMode> RankModes(std::vector<ModeStats> modes, const OverviewStats& totals,
                                  std::span<const Triage> triages, std::int64_t now_ns);

}  // namespace halo
