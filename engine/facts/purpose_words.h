// SPDX-License-Identifier: MIT
// Words with which a harness asks a model for a plan, or to shorten the conversation so that it
// fits. Sources: smolagents, LangGraph's plan-and-execute, LangChain, CrewAI, AutoGen, Claude Code,
// Codex, OpenHands, Cline. English only. Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Look at the first 1,000 bytes of a message that is not the model's own.
bool AsksForPlan(std::string_view text);
bool AsksForSummary(std::string_view text);

}  // namespace halo
