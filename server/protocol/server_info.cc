// SPDX-License-Identifier: MIT
#include "server/protocol/server_info.h"

#include "server/protocol/icon.h"
#include "server/protocol/instructions.h"

namespace halo {

ServerInfo HaloServer() {
  return {"halo-mcp", "halo-mcp: failure modes of AI agents", HALO_VERSION,
          std::string(kInstructions), std::string(kHaloIcon)};
}

}  // namespace halo
