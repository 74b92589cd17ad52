// SPDX-License-Identifier: MIT
// What a program is asked about by default: the projects and services that the nearest halo.toml in
// the folder it was started in, or above it, names. Any thread.
#pragma once

#include <string>

#include "engine/model/config.h"
#include "engine/model/workspace.h"

namespace halo {

// If there is no such file, or it names nothing, `given` (the file of --config) counts. A file that
// cannot be read binds nothing; `trouble` then says why, for the user. An empty folder is unknown.
Workspace FindWorkspace(const std::string& folder, const Config& given, std::string& trouble);

}  // namespace halo
