// SPDX-License-Identifier: MIT
// Shared by the detectors of a model call's finish reason. Pure functions of the trace; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "engine/detectors/detector.h"

namespace halo {

bool HasKnownFinish(const Trace& trace);

// Adds a finding for each model step with this finish class. It wastes the step itself.
void AddFinished(const Trace& trace, FinishClass finish, std::string_view signature,
                 std::vector<Finding>& out);

}  // namespace halo
