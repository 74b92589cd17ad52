// SPDX-License-Identifier: MIT
// The files beneath some paths.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// All regular files beneath the paths, sorted, each once; hidden files and folders are left out,
// symbolic links are followed once. A path that does not exist is an error that names it and, where
// there is one, the nearest that does.
Result<std::vector<std::string>> ListFiles(std::span<const std::string> paths);

}  // namespace halo
