// SPDX-License-Identifier: MIT
// Finds the first failure of a trace and its consequences. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

// How a span that failed relates to the one that failed first.
enum class Aftermath : std::uint8_t {
  kPassedOn,    // an ancestor that only passed the error on
  kSameAgain,   // the same error in the same place
  kThenFailed,  // another error, later
};

struct LaterFailure {
  Aftermath how = Aftermath::kThenFailed;
  SpanIndex span = -1;
  std::int64_t count = 1;  // spans with the same error in the same place
};

struct FirstFailure {
  SpanIndex span = -1;
  std::vector<LaterFailure> cascade;  // at most 8: ancestors from the inside out, then by time
};

// The span that failed first for a cause of its own; nullopt if no span did. A span fails at its
// end.
std::optional<FirstFailure> FindFirstFailure(const Trace& trace);

}  // namespace halo
