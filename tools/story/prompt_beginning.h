// SPDX-License-Identifier: MIT
// The text that model calls of one prompt begin with. Any thread.
#pragma once

#include <cstdint>

#include "engine/engine.h"
#include "schemas/trace_text.h"

namespace halo {

// The beginning of the prompt whose CallPurpose::prompt is `prompt`, as a call of this trace has
// it; empty if the trace no longer holds one.
TraceText PromptBeginning(Engine& engine, const TraceKey& key, std::uint32_t prompt);

}  // namespace halo
