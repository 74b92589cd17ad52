// SPDX-License-Identifier: MIT
// `serve --install`: a systemd user unit keeps a receiver running. Both functions print what they
// did, how to undo it, and what to do instead where there is no systemd. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "server/commands/exit_code.h"

namespace halo {

// What the unit runs: this program with `arguments`.
struct ServiceOptions {
  std::vector<std::string> arguments;
  std::string listen;  // ADDRESS:PORT, for the message
};

ExitCode InstallService(const ServiceOptions& options);
ExitCode UninstallService();

}  // namespace halo
