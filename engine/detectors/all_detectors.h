// SPDX-License-Identifier: MIT
// The detectors. Each is defined, with its source and its denominator, in the file of its name.
// They divide the failures among them so that one root cause is reported once:
//
//   error_cluster   reports every failed call by its cause, and all error rates rest on it. It
//                   leaves out what another detector explains better: a limit (limit_hit), a
//                   refusal, a truncation.
//   loops           error_repeat, cycle, exact_repeat and poll_no_progress never share a call
//                   (repeat_runs.h). They report that the agent went on, not why a call failed.
//   retry_storm     is about attempts that code made, error_repeat about those the model asked for.
//   empty_final     leaves out answers that are empty because they were cut, refused or failed.
//   unfinished      leaves out runs that end on a failure or a limit: that already says why.
//
// To add one: a file that defines its function, and the declaration and the entry of that function
// in all_detectors.cc.
#pragma once

#include <cstdint>
#include <span>

#include "engine/detectors/detector.h"

namespace halo {

// THE LIST. Its order decides who owns waste: a span that two findings waste belongs to the
// detector that comes first. It may be reordered; what is stored refers to TraceDetector::id.
std::span<const TraceDetector> AllTraceDetectors();

// Null for an id that no detector has.
const TraceDetector* FindTraceDetector(std::uint8_t id);

}  // namespace halo
