// SPDX-License-Identifier: MIT
// Verifies all of a store: every page, every block, every reference from one to another.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// What can be kept of a store.
struct SoundParts {
  std::set<std::int64_t> payloads, facts;  // blocks
  std::set<std::int64_t> traces;           // rows
  std::map<std::pair<std::int64_t, std::int64_t>, bool>
      segments;  // whole: no span lacks its payload
};

// Reads everything that `database` still gives, a connection that reads on over bad pages and
// notes them in `damage`.
SoundParts CheckStore(Database& database, DamageLog& damage);

}  // namespace halo
