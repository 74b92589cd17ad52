// SPDX-License-Identifier: MIT
// Removes traces. Payloads of many traces share a block, so a removal only notes the blocks that
// may have become useless, for reclaim_space.h.
#pragma once

#include <functional>
#include <span>
#include <stop_token>

#include "engine/store/sqlite/database.h"
#include "engine/store/store.h"

namespace halo {

// Runs inside a write transaction of the caller.
RemovalReceipt DeleteTraces(Database& database, std::span<const AgedTrace> traces);

// How work of many short transactions reaches the store: on a snapshot, and in a write transaction
// of its own. Both throw what the step throws.
struct StoreAccess {
  std::function<void(const std::function<void(Database&)>&)> read, write;
};

// Rewrites the blocks of summaries that hold entries which no longer count, so that removals need
// not do it.
void TidySummaries(const StoreAccess& store, std::stop_token stop);

// Inside a write transaction of the caller: see Store::ForgetRemovals.
std::int64_t ForgetRemovedTraces(Database& database);

}  // namespace halo
