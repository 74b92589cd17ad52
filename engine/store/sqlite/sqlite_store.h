// SPDX-License-Identifier: MIT
// A store in one SQLite file, shared by threads and processes.
#pragma once

#include <memory>
#include <string>

#include "engine/store/store.h"

namespace halo {

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path);
Result<std::vector<StoreDamage>> VerifySqliteStore(const std::string& path);
Result<std::vector<StoreDamage>> RepairSqliteStore(const std::string& path);

}  // namespace halo
