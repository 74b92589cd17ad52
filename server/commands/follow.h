// SPDX-License-Identifier: MIT
// What a server does besides answering: it follows --traces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "server/protocol/log_level.h"

namespace halo {

// Told of what goes wrong while following, and of its end.
using Announce = std::function<void(LogLevel level, std::string_view text)>;

// Follows the paths, logs what goes wrong and its end, and announces the same.
void FollowAndTell(Engine& engine, const std::vector<std::string>& paths, FollowOptions options,
                   const Announce& announce);

// The same on a thread, until it is asked to stop. Without paths no thread.
std::jthread FollowInBackground(Engine& engine, std::vector<std::string> paths, std::string project,
                                Announce announce);

}  // namespace halo
