// SPDX-License-Identifier: MIT
// The names of the packages that a manifest of npm or of Python depends on. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/setup/recipe.h"

namespace halo {

// The ecosystem of package.json, pyproject.toml and requirements*.txt; none for other names.
std::optional<Ecosystem> EcosystemOfManifest(std::string_view file_name);

// Sorted, each once; Python's names normalised as PEP 503 says. Empty if the text does not parse.
std::vector<std::string> PackagesIn(std::string_view file_name, std::string_view text);

}  // namespace halo
