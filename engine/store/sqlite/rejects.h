// SPDX-License-Identifier: MIT
// What was rejected while it was ingested. Inside a transaction of the caller.
#pragma once

#include <vector>

#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

// By reason, each with the first place where it occurred.
std::vector<RejectCount> ReadRejects(Database& database);

}  // namespace halo
