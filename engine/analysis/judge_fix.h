// SPDX-License-Identifier: MIT
// Judges a fix by the runs before and after it: first what else changed, then each entry that it is
// aimed at. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/false_discoveries.h"
#include "engine/analysis/fix_comparable.h"
#include "engine/analysis/fix_sides.h"
#include "engine/analysis/fix_verdict.h"
#include "engine/analysis/total_variation.h"
#include "engine/model/fix.h"
#include "engine/model/observed_run.h"

namespace halo {

// What a verdict other than the present one would take.
enum class FixNeed : std::uint8_t {
  kNothing,
  kRuns,      // further eligible runs of the same tasks
  kTasks,     // eligible runs of further tasks (sessions, runs): more of the same cannot decide
  kDraw,      // the tasks of the draw: those that were run were chosen otherwise
  kBaseline,  // more runs without the change: none so far can tell
  kReading,   // a (further) blind reading of runs of both sides
};

struct TargetJudgement {
  FixTarget target;
  Verdict verdict = Verdict::kInconclusive;
  FixComparison comparison;
  FixSides sides;
  std::vector<FixReason> reasons;  // of kNotComparable
  FixNeed need = FixNeed::kNothing;
  std::int64_t needed = 0;  // at the present rates; 0: unknown
};

// An entry that the fix is not aimed at, and that more runs show than before.
struct SideEffect {
  ModeId entry = 0;
  BeforeAfter runs;
  double p_value = 1;
};

struct Quantity {
  double before = 0, after = 0;  // medians over the runs for which it is known
  std::int64_t known_before = 0, known_after = 0;
  double p_value = 1;  // see RankSumProbability
};

struct FixJudgement {
  std::vector<SideEffect> side_effects;  // the surest first
  std::int64_t entries_tested = 0;
  BeforeAfter failures;  // among runs of known outcome
  double failures_p = 1;
  Quantity duration_ns, tokens, nano_usd;
  Mix versions_before, versions_after;   // runs by version; those without one are left out
  std::set<std::string> tasks_after;     // of any run after
  std::vector<TargetJudgement> targets;  // along Fix::targets
  std::int64_t unordered = 0;            // runs that are neither before nor after
  std::int64_t too_early = 0;  // received before the change, though they say they started after it
};

struct OrderedRuns {
  std::vector<ObservedRun> before, after;
  std::int64_t unordered = 0, too_early = 0;  // see FixJudgement
};
// The runs that count as before and as after, see JudgeFix.
OrderedRuns OrderRuns(const Fix& fix, std::vector<ObservedRun> runs);

// Runs before: those without the change that started earlier than any run with it, or whose start
// is unknown. `entered`: by target, runs that entered observations at earlier looks.
FixJudgement JudgeFix(const Fix& fix, ObservedRuns observed,
                      std::span<const std::set<std::uint64_t>> entered);

// Whether the failure came back: the first runs after the fix, up to one that shows it again, were
// enough for "fixed".
bool CameBack(const Fix& fix, ObservedRuns observed, std::size_t target);

}  // namespace halo
