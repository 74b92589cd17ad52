// SPDX-License-Identifier: MIT
// Gives the space of removed traces back: counts what the remaining traces still use of the blocks
// that removals have noted, deletes unused blocks, moves the spans of mostly unused ones to new
// blocks, and gives free pages back to the file system. Each step is a short transaction that
// leaves a valid store, so it can be killed anywhere and be repeated.
#pragma once

#include <cstdint>
#include <stop_token>

#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/remove_traces.h"

namespace halo {

void ReclaimPayloads(const StoreAccess& store, std::stop_token stop);
// Inside a write transaction of the caller: gives back at most `pages` free pages. Returns how many
// are left.
std::int64_t GiveBackPages(Database& database, std::int64_t pages);
// The bytes of the file that are in use.
std::int64_t UsedBytes(Database& database);

}  // namespace halo
