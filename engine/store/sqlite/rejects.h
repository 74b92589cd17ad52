// SPDX-License-Identifier: MIT
// What could not be read, counted by reason. Inside a transaction of the caller.
#pragma once

#include <vector>

#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

std::vector<RejectCount> ReadRejects(Database& database);

}  // namespace halo
