// SPDX-License-Identifier: MIT
// Decides whether a failed span only repeats a failure inside it. Frameworks also mark all wrappers
// of a failed call as failed: tool, step and agent. One cause must count once, at its deepest span;
// but a wrapper can also fail for its own reason after the inner failure was handled, such as a run
// that reaches its turn limit after a tool error.
//
// A failed wrapper repeats a failed span inside it when
//   - it names no cause: it has no text, or only words such as "error", "exception", "failed",
//     "agent run failed", the names of the two spans, generic exception classes, and no number; or
//   - both have the same signature; or
//   - one signature contains the other (a wrapper adds "ToolError: ... while running search"),
//     and the contained one names a cause of at least 8 characters; or
//   - both have the same transport class (429 inside, RateLimitError outside).
// Otherwise the wrapper has its own cause. Each failed span is compared with the nearest failed
// spans below it. A rule by structure alone (Jaeger's error root) would treat every wrapper as an
// echo.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"

namespace halo {

// Whether a signature only says that something failed.
bool NamesNoCause(std::string_view signature);

bool RepeatsError(const SpanFacts& wrapper, const SpanFacts& inner, const StringPool& words);

}  // namespace halo
