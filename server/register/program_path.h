// SPDX-License-Identifier: MIT
// Which program a client is to start. Clients start it in a folder and with a PATH of their own, so
// only an absolute path serves.
#pragma once

#include <string>

#include "engine/base/result.h"

namespace halo {

// `command` is what the user asked for: a path, or a name to be found in the folders of
// `search_path` ($PATH). Where it is empty it is `self`, the running program as /proc/self/exe
// names it; that of a program which was replaced while it runs is the new one.
Result<std::string> ProgramPath(const std::string& command, const std::string& self,
                                const std::string& search_path);

}  // namespace halo
