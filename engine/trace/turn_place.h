// SPDX-License-Identifier: MIT
// The turn of a span: a model call asks, the span acts, the next model call reads what came of it.
// Pure functions of the trace; any thread.
#pragma once

#include "engine/trace/trace.h"

namespace halo {

struct TurnPlace {
  // The last model call before the span in its scope; for a span inside a model call, that one; for
  // a model call, itself; if there is none, the call that contains the span.
  SpanIndex asked_by = -1;
  SpanIndex seen_by = -1;  // the next model call of the scope after asked_by; -1: none
  bool asks = false;       // the span is asked_by, or a part of it
};

TurnPlace FindTurnPlace(const Trace& trace, SpanIndex span);

}  // namespace halo
