// SPDX-License-Identifier: MIT
// The turn of any span: the recorded turn of an action or a part of one (turns.h), else by the
// order of the model calls. Pure functions of the trace; any thread.
#pragma once

#include "engine/trace/trace.h"

namespace halo {

struct TurnPlace {
  // The model call that asked for the action. For other spans the last model call before it in its
  // scope; for a span inside a model call, that one; for a model call, itself; if there is none,
  // the call that contains the span.
  SpanIndex asked_by = -1;
  SpanIndex seen_by = -1;  // the model call that read the result, or follows; -1: none
  bool asks = false;       // the span is asked_by, or a part of it
};

TurnPlace FindTurnPlace(const Trace& trace, SpanIndex span);

}  // namespace halo
