// SPDX-License-Identifier: MIT
// The scores of Langfuse's traces.
#pragma once

#include <string>
#include <string_view>

namespace halo::langfuse {

// The trace that a score belongs to; empty if it is of a session or an experiment.
std::string TraceOfScore(std::string_view score);

// The score in the form of versions 1 and 2: traceId, observationId, and value or stringValue.
// Version 3 has a `subject`, and a `value` of any type.
std::string PlainScore(std::string_view score);

}  // namespace halo::langfuse
