// SPDX-License-Identifier: MIT
// Reads the connections of a halo.toml.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/base/toml.h"
#include "engine/model/service_connection.h"

namespace halo {

// The tables [connections.NAME] in `node`, the value of the key `connections`. kInvalidArgument
// names the line and the key.
Result<std::vector<ServiceConnection>> ReadConnections(const toml::node& node);

}  // namespace halo
