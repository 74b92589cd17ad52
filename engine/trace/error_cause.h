// SPDX-License-Identifier: MIT
// When is a failed span only the echo of a failure inside it? Frameworks mark every wrapper of a
// failed call as failed too: tool, step and agent alike. One cause must count once, at its deepest
// span; yet a wrapper can fail for a reason of its own after the failure inside it was handled
// (a run that reaches its turn limit after a tool error).
//
// A failed wrapper repeats a failed span inside it when
//   - it names no cause: no text, or nothing but words such as "error", "exception", "failed",
//     "agent run failed", the names of the two spans, and exception classes that say no more, and
//     no number; or
//   - both have the same signature; or
//   - one signature contains the other (a wrapper adds "ToolError: ... while running search"),
//     and the contained one names a cause of at least 8 characters; or
//   - both are of the same transport class (429 inside, RateLimitError outside).
// Otherwise the wrapper has a cause of its own. Compared is each failed span with the failed spans
// nearest below it. The rule by structure alone (Jaeger's error root) would call every wrapper an
// echo.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"

namespace halo {

// True for a signature that says only that something failed.
bool NamesNoCause(std::string_view signature);

bool RepeatsError(const SpanFacts& wrapper, const SpanFacts& inner, const StringPool& words);

}  // namespace halo
