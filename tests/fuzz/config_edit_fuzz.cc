// SPDX-License-Identifier: MIT
// Registers the server in any file. If the file is accepted, the result must parse, and registering
// again must not change it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/register/clients.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const halo::ServerAddress server{"/bin/halo", {"stdio"}, "", false};
  // On non-ASCII letters outside strings, toml++ runs into code that it marks as unreachable, and
  // the sanitizer stops. That defect of toml++ would hide ours.
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  for (const halo::McpClient& client : halo::AllMcpClients()) {
    if (client.format == halo::ConfigFormat::kToml && !ascii) continue;
    const auto first = halo::Register(client, text, "halo", server);
    if (!first) continue;
    const auto second = halo::Register(client, *first, "halo", server);
    if (!second || *second != *first) std::abort();
  }
  return 0;
}
