// SPDX-License-Identifier: MIT
// Recipes as text. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/setup/recipe.h"

namespace halo {

// What to do, for a person or a model. The lines stand between fences of three backticks.
std::string RecipeText(const Recipe& recipe);

// Where halo-mcp listens, for whom, and how to check that spans arrive.
std::string_view ReceiverText();

// docs/getting-traces.md.
std::string RecipePage();

}  // namespace halo
