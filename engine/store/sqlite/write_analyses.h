// SPDX-License-Identifier: MIT
// Writes analyses of traces, inside a write transaction of the caller.
#pragma once

#include <span>

#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

// Leaves out those that were made from an earlier state of their trace; it is analysed again.
void WriteAnalyses(Database& database, std::span<const AnalysedTrace> analyses);

}  // namespace halo
