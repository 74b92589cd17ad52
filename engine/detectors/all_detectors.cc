// SPDX-License-Identifier: MIT
#include "engine/detectors/all_detectors.h"

#include <algorithm>
#include <array>

namespace halo {

TraceDetector RetryStorm();
TraceDetector ErrorRepeat();
TraceDetector Cycle();
TraceDetector ExactRepeat();
TraceDetector PollNoProgress();
TraceDetector InvalidCall();
TraceDetector Truncated();
TraceDetector Refusal();
TraceDetector EmptyFinal();
TraceDetector ErrorCluster();
TraceDetector RejectedTurn();
TraceDetector ErrorAsSuccess();
TraceDetector UserCorrects();
TraceDetector StoppedEarly();
TraceDetector AnnouncedNotDone();
TraceDetector PlanNotFollowed();
TraceDetector UnsupportedClaim();
TraceDetector MadeUpData();
TraceDetector LimitHit();
TraceDetector Unfinished();

std::span<const TraceDetector> AllTraceDetectors() {
  static const std::array kAll = {
      RetryStorm(),      // what code repeats
      ErrorRepeat(),     // what the model repeats
      Cycle(),           //
      ExactRepeat(),     //
      PollNoProgress(),  //
      InvalidCall(),     // single calls
      Truncated(),       //
      Refusal(),         //
      EmptyFinal(),      //
      ErrorCluster(),    // any failure
      RejectedTurn(),    //
      ErrorAsSuccess(),  // what carries no error status
      UserCorrects(),    //
      StoppedEarly(),   AnnouncedNotDone(), PlanNotFollowed(), UnsupportedClaim(), MadeUpData(),
      LimitHit(),    // how the run ended
      Unfinished(),  //
  };
  return kAll;
}

const TraceDetector* FindTraceDetector(std::uint8_t id) {
  const std::span<const TraceDetector> all = AllTraceDetectors();
  const auto found = std::find_if(
      all.begin(), all.end(), [id](const TraceDetector& detector) { return detector.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace halo
