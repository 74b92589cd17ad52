// SPDX-License-Identifier: MIT
// Files of outcomes by trace id: CSV or JSON lines. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace halo {

// CSV with the columns trace_id, outcome and optionally project, who and reason, named by a header;
// or trace_id and outcome without one; or one JSON object per line with those keys. Outcomes:
// success or failure (also pass, fail, passed, failed, true, false, 1, 0, correct, incorrect),
// unknown, or a number, which is a success if it is at least `success_score`. Errors name the line
// and what was expected.
Result<std::vector<Label>> ParseLabels(std::string_view text, double success_score);

}  // namespace halo
