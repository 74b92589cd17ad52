// SPDX-License-Identifier: MIT
// Where the content of a followed file went: log rotation renames, copies or compresses a file
// within its folder. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/model/source_position.h"

namespace halo {

// Files beside `path` that begin with what was read of it up to `known` (HoldsRead). Only looks at
// files whose names begin like its name, and at a limited number of them.
std::vector<std::string> FindCopies(const std::string& path, const SourcePosition& known);

}  // namespace halo
