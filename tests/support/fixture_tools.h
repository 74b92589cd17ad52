// SPDX-License-Identifier: MIT
// A small set of tools that covers every way in which a call can end, for protocol tests that do
// not depend on the product's tools.
#pragma once

#include <vector>

#include "server/session/catalogue.h"
#include "tools/answer/tool.h"

namespace halo {

// echo, fail, throw, count, wait
std::vector<Tool> FixtureTools();

// A catalogue of these or other tools, and nothing else.
Catalogue FixtureCatalogue(Engine& engine, std::vector<Tool> tools = FixtureTools());

}  // namespace halo
