// SPDX-License-Identifier: MIT
// A run that ends on a limit, a refusal or an empty answer, that breaks off, or whose root failed
// brought nothing: all that it spent is wasted. Pure functions of the trace; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/detectors/detector.h"

namespace halo {

struct FoundBy {
  const TraceDetector* detector = nullptr;  // of AllTraceDetectors()
  const Finding* finding = nullptr;
};

// The finding that owns what a lost run spent and no finding claimed: the first, in the order
// of the detectors, that lies in the run's last turn (the last action, the call that asked for it
// and what followed), else the ending itself, else the error that reached the root. Nothing for a
// run that is not lost, or of which nothing was found.
std::optional<std::size_t> OwnerOfLostRun(const Trace& trace, std::span<const FoundBy> found);

}  // namespace halo
