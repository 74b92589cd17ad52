// SPDX-License-Identifier: MIT
// Follows the paths of --traces and reports problems.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "server/protocol/log_level.h"

namespace halo {

// Receives a message when a problem with following begins and when it ends.
using Announce = std::function<void(LogLevel level, std::string_view text)>;

// Follows the paths until options.stop; logs and announces problems and their end.
void FollowAndReport(Engine& engine, const std::vector<std::string>& paths, FollowOptions options,
                     const Announce& announce);

// The same on a thread, until it is asked to stop. If there are no paths, starts no thread.
std::jthread FollowInBackground(Engine& engine, std::vector<std::string> paths, std::string project,
                                Announce announce);

}  // namespace halo
