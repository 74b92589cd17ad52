// SPDX-License-Identifier: MIT
// What a server does besides answering: it follows --traces.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"

namespace halo {

// Imports and follows the paths until the thread is asked to stop. Without paths no thread.
std::jthread FollowInBackground(Engine& engine, std::vector<std::string> paths,
                                std::string project);

}  // namespace halo
