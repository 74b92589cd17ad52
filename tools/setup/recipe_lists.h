// SPDX-License-Identifier: MIT
// The parts of the list of recipes. all_recipes.cc joins them.
#pragma once

#include <vector>

#include "tools/setup/recipe.h"

namespace halo {

std::vector<Recipe> NodeRecipes();
std::vector<Recipe> PythonRecipes();
std::vector<Recipe> SettingsRecipes();

}  // namespace halo
