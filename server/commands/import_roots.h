// SPDX-License-Identifier: MIT
// The folders from which clients of this process may import.
#pragma once

#include <string>
#include <vector>

namespace halo {

// The project's folder: $CLAUDE_PROJECT_DIR, else the current folder; none if that is the home
// folder or "/", where clients start programs that belong to no project.
std::vector<std::string> ProjectRoots();

}  // namespace halo
