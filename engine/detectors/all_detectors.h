// SPDX-License-Identifier: MIT
// The detectors. Each is defined, with its source and its denominator, in the file of its name.
// They divide the failures among them so that one root cause is reported once:
//
//   error_cluster   reports every failed call by its cause, and is the basis of all error rates. It
//                   excludes failures that another detector explains better: a limit (limit_hit), a
//                   refusal, a truncation.
//   loops           error_repeat, cycle, exact_repeat, poll_no_progress and redundant_call never
//                   share a call (repeat_runs.h). They report that the agent continued, not why a
//                   call failed.
//   retry_storm     reports attempts by code, error_repeat those requested by the model.
//   rejected_turn   reports what no span shows: error_cluster has the failures of spans,
//   invalid_call
//                   the calls that do not fit their tool.
//   stopped_early   reports a last answer that is none, announced_not_done one in the middle.
//   empty_final     excludes answers that are empty because they were cut, refused or failed.
//   unfinished      excludes runs that end on a failure or a limit, which already explains the end.
//
// To add one, add a file that defines its function, and declare and list it in all_detectors.cc.
#pragma once

#include <cstdint>
#include <span>

#include "engine/detectors/detector.h"

namespace halo {

// THE LIST. Its order decides the owner of waste: a span that two findings waste belongs to the
// detector that comes first. It may be reordered: stored data refer to TraceDetector::id.
std::span<const TraceDetector> AllTraceDetectors();

// The rules of halo.toml (analysis/apply_rules.h) are found like the findings of a detector. It is
// not in the list: it finds nothing by itself.
inline constexpr std::uint8_t kRuleDetectorId = 32;

// The detector with this id, or null.
const TraceDetector* FindTraceDetector(std::uint8_t id);

}  // namespace halo
