// SPDX-License-Identifier: MIT
// What stands in THE LIST; each is defined, with its source and its denominator, in the file of its
// name. One root cause is not told several times over:
//
//   error_cluster   tells every failed call by its cause and is the ground of all error rates. It
//                   leaves out what another detector tells better: a limit (limit_hit), a refusal,
//                   a truncation.
//   loops           error_repeat, cycle, exact_repeat and poll_no_progress share no call
//                   (repeat_runs.h); what they tell is that the agent went on, not why it failed.
//   retry_storm     is about attempts that code made, error_repeat about those the model asked for.
//   empty_final     leaves out answers that are empty because they were cut, refused or failed.
//   unfinished      leaves out runs that end on a failure or a limit: that says why.
//
// Waste has one owner a span: see TraceDetector::waste_owner.
#pragma once

#include "engine/detectors/detector.h"

namespace halo {

TraceDetector ErrorCluster();
TraceDetector ExactRepeat();
TraceDetector Truncated();
TraceDetector ErrorRepeat();
TraceDetector Cycle();
TraceDetector PollNoProgress();
TraceDetector InvalidCall();
TraceDetector RetryStorm();
TraceDetector Refusal();
TraceDetector LimitHit();
TraceDetector EmptyFinal();
TraceDetector Unfinished();

}  // namespace halo
