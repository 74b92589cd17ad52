// SPDX-License-Identifier: MIT
// What was checked in a run, or in many, and what the recorded data does not let anybody judge: the
// answer to "was anything wrong?" where no detector found anything. Facts only; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "schemas/trace_text.h"

namespace halo {

struct Judged {
  std::string checked;            // "12 of 14 rules applied to 3 model calls and 5 tool calls"
  std::vector<Prose> not_judged;  // sentences, the one that limits most first
};

// `alike`: all runs of the same agent and project; their share without a tool is compared.
Judged WhatWasJudged(const TraceReading& reading, const OverviewStats& alike);

// The same over all runs of a question.
Judged WhatWasJudged(const OverviewStats& stats);

}  // namespace halo
