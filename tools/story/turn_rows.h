// SPDX-License-Identifier: MIT
// What two runs did side by side, as rows of an answer. Pure; any thread.
#pragma once

#include <vector>

#include "engine/trace/trace.h"
#include "schemas/compare_traces.h"

namespace halo {

struct TurnRows {
  std::vector<wire::CompareTracesOutput::Turn> rows;  // equal turns in a row are one
  std::int64_t same = 0, different = 0;               // turns
  bool cut = false;                                   // a run is longer than what is aligned
};

TurnRows MakeTurnRows(const Trace& a, const Trace& b);

}  // namespace halo
