// SPDX-License-Identifier: MIT
// Where a run waited without need. Pure function; any thread.
#pragma once

#include <vector>

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

inline constexpr std::size_t kMostSlowSpots = 8;

// Spots of at least 100 ms, gaps of at least a second and 5 % of the critical path; equal ones are
// joined. The longest first. Linear in the trace.
//
//   kSerialCalls  two or more calls that one answer of a model asked for, none of which began
//   before
//                 the one before it had ended. They are independent: the model had seen the result
//                 of none.
//   kOneByOne     five or more calls of one tool in a row by one agent, no two with equal arguments
//                 and none failed (the N+1 of data access); not those that are kSerialCalls.
//   kGap          see PathGap.
std::vector<SlowSpot> FindSlowSpots(const Trace& trace);

}  // namespace halo
