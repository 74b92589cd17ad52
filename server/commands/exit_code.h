// SPDX-License-Identifier: MIT
// Exit codes of the process. `halo-mcp --help` lists them.
#pragma once

namespace halo {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,   // failed; stderr says why
  kExitUsage = 2,    // invalid command line, configuration file or tool arguments
  kExitPartial = 3,  // succeeded, but something was refused or needs attention; see the output
};

}  // namespace halo
