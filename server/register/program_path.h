// SPDX-License-Identifier: MIT
// The program that a client starts. Clients have their own working directory and PATH, so it must
// be an absolute path.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace halo {

// `command` is the user's choice: a path, or a name to look up in `search_path` ($PATH). If it is
// empty, the program is `self`, the link target of /proc/self/exe; if that was replaced while
// running, the new program.
Result<std::string> ProgramPath(const std::string& command, const std::string& self,
                                const std::string& search_path);

}  // namespace halo
