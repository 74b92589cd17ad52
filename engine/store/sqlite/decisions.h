// SPDX-License-Identifier: MIT
// What users and agents decided: the outcomes of runs, and about failure modes. Inside a
// transaction of the caller.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/label.h"
#include "engine/model/triage.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// Adds labels to those that traces have. Returns how many name a known trace.
std::int64_t WriteLabels(Database& database, std::span<const Label> labels);

void WriteTriage(Database& database, const Triage& triage);
std::vector<Triage> ReadTriages(Database& database);

}  // namespace halo
