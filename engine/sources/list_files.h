// SPDX-License-Identifier: MIT
// Lists the files under paths.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// All regular files under the paths, sorted, without duplicates. Hidden files and folders are
// skipped; symbolic links are followed. A path that does not exist is an error that names it and,
// if there is one, the nearest existing name.
Result<std::vector<std::string>> ListFiles(std::span<const std::string> paths);

}  // namespace halo
