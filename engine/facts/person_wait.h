// SPDX-License-Identifier: MIT
// Runs that wait for a person. Pure function; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether an output, as JSON or printed by Python, shows that the run waits to be resumed by a
// person: LangGraph's __interrupt__, suspended workflows of Mastra, paused runs of Agno, Strands'
// interrupt.
bool WaitsForPerson(std::string_view output);

}  // namespace halo
