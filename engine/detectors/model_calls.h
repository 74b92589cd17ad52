// SPDX-License-Identifier: MIT
// What detectors of a model call's finish reason share. Pure functions of the trace; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "engine/detectors/detector.h"

namespace halo {

bool HasKnownFinish(const Trace& trace);

// A finding for each LLM step that finished so; wasted is the step itself.
void AddFinished(const Trace& trace, FinishClass finish, std::string_view signature,
                 std::vector<Finding>& out);

}  // namespace halo
