// SPDX-License-Identifier: MIT
#include "engine/detectors/all_detectors.h"

#include <algorithm>
#include <array>

namespace halo {

TraceDetector SameAnswerForAll();
TraceDetector RetryStorm();
TraceDetector ErrorRepeat();
TraceDetector Cycle();
TraceDetector ExactRepeat();
TraceDetector PollNoProgress();
TraceDetector RedundantCall();
TraceDetector InvalidCall();
TraceDetector Truncated();
TraceDetector Refusal();
TraceDetector EmptyFinal();
TraceDetector ErrorCluster();
TraceDetector RejectedTurn();
TraceDetector ErrorAsSuccess();
TraceDetector UserCorrects();
TraceDetector NoToolUse();
TraceDetector UngroundedArgument();
TraceDetector EchoedAction();
TraceDetector LostResult();
TraceDetector CutResult();
TraceDetector StoppedEarly();
TraceDetector AnnouncedNotDone();
TraceDetector PlanNotFollowed();
TraceDetector UnsupportedClaim();
TraceDetector MadeUpData();
TraceDetector LimitHit();
TraceDetector Unfinished();
TraceDetector OversizedResult();
TraceDetector ContextBloat();
TraceDetector Stall();

std::span<const TraceDetector> AllTraceDetectors() {
  static const std::array kAll = {
      SameAnswerForAll(),    // wastes nothing, and explains repeats
      RetryStorm(),          // what code repeats
      ErrorRepeat(),         // what the model repeats
      Cycle(),               //
      ExactRepeat(),         //
      PollNoProgress(),      //
      RedundantCall(),       //
      InvalidCall(),         // single calls
      Truncated(),           //
      Refusal(),             //
      EmptyFinal(),          //
      ErrorCluster(),        // any failure
      RejectedTurn(),        //
      ErrorAsSuccess(),      // what carries no error status
      UserCorrects(),        //
      NoToolUse(),           //
      StoppedEarly(),        // what the model says
      AnnouncedNotDone(),    //
      PlanNotFollowed(),     //
      UnsupportedClaim(),    //
      MadeUpData(),          //
      UngroundedArgument(),  // where its words come from
      EchoedAction(),        //
      LostResult(),          // what the model was not shown
      CutResult(),           //
      LimitHit(),            // how the run ended
      Unfinished(),          //
      OversizedResult(),     // what costs
      ContextBloat(),        //
      Stall(),               //
  };
  return kAll;
}

namespace {

const TraceDetector& RuleDetector() {
  static const TraceDetector kRules{.id = kRuleDetectorId,
                                    .name = "rule",
                                    .category = "rule",
                                    .severity = Severity::kMedium,
                                    .confidence = Confidence::kCandidate,
                                    .end_of_run = false,
                                    .title = "Rule {signature}",
                                    .eligible = [](const Trace&) { return true; },
                                    .find = [](const Trace&, std::vector<Finding>&) {}};
  return kRules;
}

}  // namespace

const TraceDetector* FindTraceDetector(std::uint8_t id) {
  if (id == kRuleDetectorId) return &RuleDetector();
  const std::span<const TraceDetector> all = AllTraceDetectors();
  const auto found = std::find_if(
      all.begin(), all.end(), [id](const TraceDetector& detector) { return detector.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace halo
