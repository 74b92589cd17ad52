// SPDX-License-Identifier: MIT
// Finds where the values in the arguments of calls first stood.
#pragma once

#include "engine/trace/prompt_steps.h"
#include "engine/trace/strands.h"

namespace halo {

// Fills `origins` and `origin_begin`. All other parts of `turns` must be there.
void FindOrigins(const Trace& trace, const Strands& strands, const PromptSteps& steps,
                 Turns& turns);

}  // namespace halo
