// SPDX-License-Identifier: MIT
// All loops of a trace, found together so that each stretch of calls is reported once. With A(x)
// the request and R(x) the result of a call (see call_sequence.h), in order of precedence:
//
//   failing   at least 3 calls in a row with equal A, all failed            error_repeat
//   cycle     at least 3 full periods of 2 to 6 calls, not all equal; A     cycle
//             and R equal those one period earlier; the smallest period
//   same      at least 4 calls in a row with equal A and equal R            exact_repeat
//   polling   at least 3 calls in a row of one tool with equal R and        poll_no_progress
//             differing A, unless the tool acts (see tool_words.h)
//   redundant a call with A and R of an earlier one, wherever it is, with   redundant_call
//             no tool that acts between them, and no tool that polls
//
// A call belongs to the first kind that matches. If a run records no result of any call, equal
// requests alone do not prove that nothing changed: `same` then requires 5 calls, the limit of
// Gemini CLI, which compares requests only; `cycle`, `polling` and `redundant` find nothing. Pure
// functions of the trace; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"

namespace halo {

inline constexpr std::size_t kFewestFailing = 3;
inline constexpr std::size_t kFewestSame = 4;
inline constexpr std::size_t kMinSameWithoutResults = 5;
inline constexpr std::size_t kFewestPolling = 3;
inline constexpr std::size_t kFewestPeriods = 3;
inline constexpr std::size_t kShortestPeriod = 2;
inline constexpr std::size_t kLongestPeriod = 6;

enum class RepeatKind : std::uint8_t { kFailing, kCycle, kSame, kPolling, kRedundant };

struct Repeat {
  RepeatKind kind = RepeatKind::kSame;
  std::size_t period = 1;
  std::vector<CallStep> calls;
};

// The repeats of one kind, by sequence and time.
std::vector<Repeat> FindRepeats(const Trace& trace, RepeatKind kind);

// A finding at the repeated call. Every call of the run is evidence; all calls after the first
// period are wasted, with the model calls that requested nothing else.
Finding FindingOf(const Trace& trace, const Repeat& repeat, std::string_view signature);

}  // namespace halo
