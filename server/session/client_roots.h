// SPDX-License-Identifier: MIT
// The folders that a client says it works in (MCP roots).
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "server/session/client.h"

namespace halo {

// Asks the client for its roots, and returns those that are local folders. Empty if it has none,
// cannot be asked, or does not answer within a few seconds. Any thread.
std::vector<std::string> RootsOfClient(const Client& client, const std::stop_token& stop);

// The path of a file URI without host, decoded; empty for anything else.
std::string PathOfFileUri(std::string_view uri);

}  // namespace halo
