// SPDX-License-Identifier: MIT
// Outcomes by trace id, as users have them: CSV or JSON lines. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace halo {

// CSV with columns trace_id and outcome, and project if wanted, named by a first line or in this
// order; or one JSON object a line with those keys. Outcomes: success or failure (also pass, fail,
// passed, failed, true, false, 1, 0, correct, incorrect), unknown, or a number, which is a success
// from `success_score` on. An error names the line and what was expected.
Result<std::vector<Label>> ParseLabels(std::string_view text, double success_score);

}  // namespace halo
