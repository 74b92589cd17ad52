// SPDX-License-Identifier: MIT
#include "engine/detectors/all_detectors.h"

#include <array>

namespace halo {

std::span<const TraceDetector> AllTraceDetectors() {
  static const std::array kAll = {
      ErrorCluster(), ExactRepeat(), Truncated(), ErrorRepeat(), Cycle(),      PollNoProgress(),
      InvalidCall(),  RetryStorm(),  Refusal(),   LimitHit(),    EmptyFinal(), Unfinished(),
  };
  return kAll;
}

}  // namespace halo
