// SPDX-License-Identifier: MIT
#include "server/server_info.h"

#include "server/icon.h"
#include "server/instructions.h"

namespace halo {

ServerInfo HaloServer() {
  return {"halo-mcp", "halo-mcp: failure modes of AI agents", HALO_VERSION,
          std::string(kInstructions), std::string(kHaloIcon)};
}

}  // namespace halo
