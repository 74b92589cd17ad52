// SPDX-License-Identifier: MIT
// What two runs did, side by side. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// Something that a run did: a call of a tool, a hand-off to an agent, or an answer of a model that
// asked for nothing.
struct TurnItem {
  enum class Kind : std::uint8_t { kCall, kHandOff, kAnswer };
  Kind kind = Kind::kCall;
  std::string_view name;  // of the tool, the agent, or the agent that answers; of the trace
  SpanIndex span = -1;    // the action, else the model call that asked for it
  SpanIndex asked_by = -1;
  std::uint64_t request = 0, result = 0;  // hashes; 0: not recorded
  bool failed = false;
};

// In the order of time. `trace` must outlive the items.
std::vector<TurnItem> ItemsOf(const Trace& trace);

enum class TurnMatch : std::uint8_t { kSame, kOtherArguments, kOtherResult, kOnlyA, kOnlyB };
struct AlignedTurn {
  TurnMatch match = TurnMatch::kSame;
  std::int32_t a = -1, b = -1;  // positions in the lists
};

// Items after these many of a run are not aligned.
inline constexpr std::size_t kMostAligned = 1000;

// The alignment of both lists with the most in common: items of one name may stand side by side,
// rather if they have equal arguments, and rather still if they have equal results (Needleman and
// Wunsch, Journal of Molecular Biology 48, 1970).
std::vector<AlignedTurn> AlignTurns(std::span<const TurnItem> a, std::span<const TurnItem> b);

}  // namespace halo
