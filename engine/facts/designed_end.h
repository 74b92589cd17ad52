// SPDX-License-Identifier: MIT
// Runs that end with a tool's result because their harness says so. Pure functions; any thread.
#pragma once

#include "engine/model/span.h"

namespace halo {

// Whether a tool, or the agent that runs it, declares the result of the tool to be the answer:
// LangChain's return_direct, CrewAI's result_as_answer, stop_on_first_tool of the OpenAI Agents
// SDK.
bool EndsRunByDesign(const Span& span);

}  // namespace halo
