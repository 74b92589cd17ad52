// SPDX-License-Identifier: MIT
// What this program offers over the protocol: its tools, resources and prompts over one engine,
// which must outlive it. Each list is in a file of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "server/session/catalogue.h"

namespace halo {

Catalogue HaloCatalogue(Engine& engine);

Resources HaloResources(Engine& engine);
std::vector<Prompt> HaloPrompts(Engine& engine);

// What arguments of prompts and templates may be, from what the store holds. A candidate that
// depends on others (the models of an agent) looks at the arguments "agent" and "project". A name
// or id that is more than that is not offered: what is chosen goes into a prompt, as the user's.
Candidates ModeCandidates(Engine& engine);
Candidates TraceCandidates(Engine& engine);
Candidates AgentCandidates(Engine& engine);
Candidates ModelCandidates(Engine& engine);
Candidates ProjectCandidates(Engine& engine);
Candidates TimeCandidates();

}  // namespace halo
