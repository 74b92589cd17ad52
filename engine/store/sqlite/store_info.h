// SPDX-License-Identifier: MIT
// How much a store holds. Inside a transaction of the caller.
#pragma once

#include <string>

#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

StoreInfo ReadStoreInfo(Database& database, const std::string& path);

}  // namespace halo
