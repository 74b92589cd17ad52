// SPDX-License-Identifier: MIT
// Exact strings by which a coding agent finds the place of a failure in the source of the harness.
// Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/get_failure_mode.h"
#include "tools/story/mode_evidence.h"

namespace halo {

// Of agent, tool, error text, system prompt and code.* attributes what the examples record.
std::vector<wire::GetFailureModeOutput::GrepFor> GrepStrings(
    Engine& engine, const RankedMode& mode, const std::vector<ModeExample>& examples);

// The longest part of `text` that its signature keeps as it is, so that it stands in a source and
// is no id or number of one run; empty if there is none of at least 8 bytes.
std::string LiteralPart(std::string_view signature, std::string_view text);

}  // namespace halo
