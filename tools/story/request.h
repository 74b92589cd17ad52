// SPDX-License-Identifier: MIT
// What a run was asked to do, as a quote. Any thread.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/engine.h"
#include "schemas/common.h"

namespace halo {

// The first user message of the first model call, else of the spans around it, nearest first, else
// the input of the root; at most `max_bytes`. nullopt if none was recorded.
std::optional<wire::Quote> FindRequest(Engine& engine, const TraceReading& reading,
                                       std::size_t max_bytes);

}  // namespace halo
