// SPDX-License-Identifier: MIT
// Verifies a whole store: every page, block and reference.
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

// The parts of a store that can be kept.
struct SoundParts {
  std::set<std::int64_t> payloads, facts;  // blocks
  std::set<std::int64_t> traces;           // rows
  std::map<std::pair<std::int64_t, std::int64_t>, bool>
      segments;  // true: no span lacks its payload
};

// Reads everything that is readable. `database`: a connection that records bad pages in `damage`
// and reads on.
SoundParts CheckStore(Database& database, DamageLog& damage);

}  // namespace halo
