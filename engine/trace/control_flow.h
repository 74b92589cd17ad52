// SPDX-License-Identifier: MIT
// Exceptions used for control flow. Frameworks end a span with one when a run waits for an
// approval, hands off to another agent, is cancelled, or reaches the end of a stream, and tracers
// mark that span, and often its parents, as failed. Such a span did not fail if the run continued
// or ended well. A cancellation that ends the run remains a failure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

enum class ControlFlow : std::uint8_t { kNone, kPause, kHandOff, kCancel, kStreamEnd };

// Classifies an error by its exception class, which may be empty, and its text. A class or a
// complete text is evidence; a text that merely contains such a word ("Interrupted system call",
// "Order 5 was cancelled") is not.
ControlFlow ControlFlowOf(std::string_view type, std::string_view text);

// Clears the failure of such spans and its copies on their parents. Returns the number of spans.
// Requires the tree; `top_down` lists parents before children.
std::int32_t ClearControlFlowFailures(Trace& trace, const std::vector<SpanIndex>& top_down);

}  // namespace halo
