// SPDX-License-Identifier: MIT
// Exceptions that carry control and not a fault. Frameworks end a span with one when a run waits
// for an approval, hands over to another agent, is cancelled, or reaches the end of a stream, and
// tracers mark that span, and often its parents, as failed. Such a span has not failed when the run
// went on or ended well around it. A cancellation that ends the run stays a failure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/trace/trace.h"

namespace halo {

enum class ControlFlow : std::uint8_t { kNone, kPause, kHandOff, kCancel, kStreamEnd };

// By the exception class, which may be empty, and the text of the error. A class or a whole text
// tells; a text that merely holds such a word ("Interrupted system call", "Order 5 was cancelled")
// does not.
ControlFlow ControlFlowOf(std::string_view type, std::string_view text);

// Takes the failure from those spans, with the copies of it on their parents, and returns how many
// there were. Needs the tree; `top_down` has parents before children.
std::int32_t ExcuseControlFlow(Trace& trace, const std::vector<SpanIndex>& top_down);

}  // namespace halo
