// SPDX-License-Identifier: MIT
// Registers in any file: what is accepted must stay readable, and a second
// time must change nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/register/clients.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const halo::ServerAddress server{"/bin/halo", {"stdio"}, "", false};
  // toml++ declares letters such as an accented one outside of strings unreachable, and the
  // sanitizer stops there: a defect of its own that would hide those of ours.
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
