// SPDX-License-Identifier: MIT
// Which agent frameworks the sources in a folder use, by the packages that their manifests name.
// Reads a bounded part of the folder: manifests at most three levels below it, none in hidden
// folders or in those of installed packages. Any thread.
#pragma once

#include <string>
#include <vector>

#include "tools/setup/recipe.h"

namespace halo {

struct FoundFramework {
  const Recipe* recipe = nullptr;  // the first of the framework in the ecosystem
  std::string package;             // that shows it; a name of the list of recipes
  std::string manifest;            // its path from the folder
};

// The nearest manifest first; those in folders of examples, tests or documentation count only where
// no other shows anything. Clients of a model (`openai`) count only where no framework is found,
// and OpenTelemetry alone only where nothing else is. Empty if the folder is empty or unknown, the
// root of the file system, or the user's home.
std::vector<FoundFramework> FindFrameworks(const std::string& folder);

}  // namespace halo
