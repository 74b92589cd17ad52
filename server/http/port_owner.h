// SPDX-License-Identifier: MIT
// Asks who answers at a port on which this program cannot listen. Any thread; takes at most a
// second or two.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The header field of /healthz that identifies the store of a halo-mcp.
inline constexpr std::string_view kStoreField = "Halo-Mcp-Store";

struct PortOwner {
  bool is_halo = false;  // a halo-mcp answered
  std::string store;     // its store, as in kStoreField
};

// Sends GET /healthz. `address` is numeric; that of all interfaces is asked through loopback.
PortOwner AskPortOwner(const std::string& address, std::uint16_t port);

}  // namespace halo
