// SPDX-License-Identifier: MIT
// A small set of tools that shows every way in which a call may end, for tests of the protocol
// that must not depend on the product's own tools.
#pragma once

#include <vector>

#include "server/session/catalogue.h"
#include "tools/answer/tool.h"

namespace halo {

// echo, fail, throw, count, wait
std::vector<Tool> FixtureTools();

// A server of these or other tools and nothing else.
Catalogue FixtureCatalogue(Engine& engine, std::vector<Tool> tools = FixtureTools());

}  // namespace halo
