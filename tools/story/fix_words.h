// SPDX-License-Identifier: MIT
// Fixes in words: which runs have one, what was found of it, and what is still needed. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/analysis/judge_fix.h"
#include "engine/model/fix.h"
#include "schemas/trace_text.h"

namespace halo {

// "2026-01-31T12:00:00Z" or "filters version" or both. Values of conditions are left out, since
// they may be of traces.
std::string BoundaryText(const FixBoundary& boundary);

// The other fixes that are aimed at a failure of this one, oldest first.
std::vector<Words> OverlapsOf(const Fix& fix, const std::vector<Fix>& fixes);

// Why the runs are not comparable, with the numbers.
Prose ReasonSentence(const FixReason& reason);
// What the comparison of one entry says.
Prose VerdictSentence(const TargetJudgement& one);
// What is still needed; empty if the verdict stands.
std::string NeedSentence(const TargetJudgement& one);
std::string ObservationText(FixDesign design);

}  // namespace halo
