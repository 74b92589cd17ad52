// SPDX-License-Identifier: MIT
// The product's catalogue: tools, resources and prompts over one engine, which must outlive it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "server/session/catalogue.h"

namespace halo {

// `roots_of`: where import_traces may read from.
Catalogue HaloCatalogue(Engine& engine, RootsOf roots_of = {});

Resources HaloResources(Engine& engine);
std::vector<Prompt> HaloPrompts(Engine& engine);
Prompt InstrumentPrompt(Engine& engine);

// Completion candidates for the arguments of prompts and templates, from the store. They respect
// the arguments "agent", "project" and "since" if those are given. Names and ids that could carry
// instructions are not offered: the choice becomes part of a prompt, in the user's role.
Candidates ModeCandidates(Engine& engine);
Candidates TraceCandidates(Engine& engine);
Candidates AgentCandidates(Engine& engine);
Candidates ModelCandidates(Engine& engine);
Candidates ProjectCandidates(Engine& engine);
Candidates TimeCandidates();

}  // namespace halo
