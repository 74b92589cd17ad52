// SPDX-License-Identifier: MIT
// Who this server says it is.
#pragma once

#include <string>

namespace halo {

struct ServerInfo {
  std::string name, title, version;
  std::string instructions;  // for the model; some clients cut them at 2048 bytes
  std::string icon{};        // a data URI of an SVG, goes with all that may carry one; may be empty
};

// This program.
ServerInfo HaloServer();

}  // namespace halo
