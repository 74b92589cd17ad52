// SPDX-License-Identifier: MIT
// How one will know that a fix of a failure mode worked, and which fixes there were. Any thread.
#pragma once

#include "engine/engine.h"
#include "schemas/get_failure_mode.h"

namespace halo {

// Sets acceptance and rerun.
void AddAcceptance(Engine& engine, const Question& question, const ModeRanking& ranking,
                   const RankedMode& mode, wire::GetFailureModeOutput& out);

// Names the fixes that are aimed at the mode, and points to verify_fix.
void AddFixes(Engine& engine, ModeId mode, wire::GetFailureModeOutput& out);

}  // namespace halo
