// SPDX-License-Identifier: MIT
// Judges a fix of a category of notes by blind readings of runs before and after it. Pure
// functions; any thread.
//
// The number of runs is fixed before a reading starts and the sides stay hidden until it ends, so a
// fixed-sample interval is valid. The ratio of the share after to the share before has
// the interval of MOVER-R (Donner and Zou, Statistical Methods in Medical Research 21, 2012;
// Newcombe, the same 25, 2016), which puts Wilson's intervals of both shares together. All readings
// of a fix that are done count together. The first of these looks has four fifths of the error of
// 5 %, each later one a fifth of the one before it, so that all looks together keep the 5 %.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/analysis/blind_book.h"
#include "engine/analysis/judge_fix.h"

namespace halo {

struct ReadSides {
  ShareTrials before, after;
  std::int64_t picked_from = 1;  // categories among which this one was picked; see FixSample
  std::int64_t looks = 1;        // readings that are done
};
// The verdicts of fix_verdict.h.
FixComparison CompareReadings(const ReadSides& sides);

// Puts what the readings of the fix say in the place of what was observed. Without one that is
// done the verdict is inconclusive, and a reading is needed. Not comparable stays so.
void JudgeByReading(const BlindBook& readings, std::string_view fix, ModeId category,
                    TargetJudgement& target);

}  // namespace halo
