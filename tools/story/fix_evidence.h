// SPDX-License-Identifier: MIT
// What a fix brief says from the entry's own evidence: the failing arguments beside the tool's
// schema, the prompt and the tool definition involved, the last result before the run went wrong,
// the frame of the harness that raised the error. Any thread.
#pragma once

#include <optional>
#include <string>

#include "schemas/get_failure_mode.h"
#include "tools/story/mode_evidence.h"

namespace halo {

// Adds to `fix` what the example shows. `passing`: a run without the failure, or null.
void AddFixEvidence(Engine& engine, const ModeExample& example, const TraceReading* passing,
                    wire::GetFailureModeOutput::FixBrief& fix);

// The innermost frame of the application in the error of the example: "file:line in name". Empty
// if the trace has none.
std::string AppFrame(Engine& engine, const ModeExample& example);

}  // namespace halo
