// SPDX-License-Identifier: MIT
// What the process says to its caller at the end. `halo-mcp --help` lists them.
#pragma once

namespace halo {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,   // nothing was done, and stderr says why
  kExitUsage = 2,    // the command line, a configuration file or a tool's arguments are wrong
  kExitPartial = 3,  // done, but a part was refused or needs attention; the output says which
};

}  // namespace halo
