// SPDX-License-Identifier: MIT
// Words with which a harness tells the model that it could not use its last output: it could not be
// parsed, or has not the form that the harness reads. Sources: LangChain, CrewAI, LlamaIndex,
// smolagents, Pydantic AI, SWE-agent, Cline, OpenHands, AutoGen, Instructor. English only. Pure
// function; any thread.
#pragma once

#include <string_view>

namespace halo {

// Looks at the first 600 bytes of a message that is not the model's own.
bool RejectsOutput(std::string_view text);

}  // namespace halo
