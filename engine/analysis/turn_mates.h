// SPDX-License-Identifier: MIT
// Which findings of a trace lie in the turns of which others: the failures of one turn may be one
// defect and its effects. Pure function; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/finding.h"
#include "engine/trace/trace.h"

namespace halo {

struct FindingPlace {
  const Finding* finding = nullptr;
  std::size_t rank = 0;  // of its detector in the list
};

// For each finding, those in whose turns its first span lies, as StoredFinding::lies_in: at most
// 16, the first in the order of the detectors' list. A turn is a model call, the actions that it
// asked for, and the model call that reads their results.
std::vector<std::vector<std::uint32_t>> FindTurnMates(const Trace& trace,
                                                      std::span<const FindingPlace> findings);

}  // namespace halo
