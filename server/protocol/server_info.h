// SPDX-License-Identifier: MIT
// How this server identifies itself.
#pragma once

#include <string>

namespace halo {

struct ServerInfo {
  std::string name, title, version;
  std::string instructions;  // for the model; some clients truncate them at 2048 bytes
  std::string icon{};        // data URI of an SVG, sent with every item that may have one; or empty
};

// This program.
ServerInfo HaloServer();

}  // namespace halo
