// SPDX-License-Identifier: MIT
// A run is lost if it ends with a limit, a refusal or an empty answer, if it breaks off, or if its
// root failed: all its spend is wasted. Pure functions of the trace; any thread.
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

// The index of the finding that owns the spend of a lost run that no finding claims: the first one,
// in the order of the detectors, in the run's last turn (the last action, the call that requested
// it, and everything after it) that is not about cost only, else the finding of the ending itself,
// else the error that reached the root. Never a candidate or a business rule that refuses. nullopt
// if the run is not lost or no finding is left.
std::optional<std::size_t> OwnerOfLostRun(const Trace& trace, std::span<const FoundBy> found);

}  // namespace halo
