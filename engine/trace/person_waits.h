// SPDX-License-Identifier: MIT
// Gaps of the critical path in which the run waited for a person, whose time is nobody's. Any
// thread.
#pragma once

#include "engine/trace/trace.h"

namespace halo {

// Takes such gaps from Trace::gaps, and their time from the critical path and the self time of the
// span in which they lie. Between two runs of one agent, a person was waited for if
//   - the first one had answered, and the next one begins with a new message of a user after an
//     answer; or
//   - the first one had stopped at a call, and the next one begins with that call: an approval.
// All other parts of the trace must be there.
void LeaveOutPersonWaits(Trace& trace);

}  // namespace halo
