// SPDX-License-Identifier: MIT
// Agents are often named after their instance: "Researcher-550e8400-e29b-...", "worker_3f2a9c1b",
// "Agent 17". Such names never recur, so every failure of such an agent would look like a one-off.
#pragma once

#include <string>
#include <string_view>

namespace halo {

// The name with each generated part replaced by "<id>": UUIDs, ULIDs, hex, other random words, and
// a counter at the end. Versions and names of models ("planner-v2", "gpt-4o") are kept. Pure; any
// thread.
std::string MaskAgentName(std::string_view name);

// Whether nothing that a reader could recognise is left of a masked name.
bool IsOnlyId(std::string_view masked);

}  // namespace halo
