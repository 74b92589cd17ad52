// SPDX-License-Identifier: MIT
// How much of a trace the conventions could read: spans by convention, and by the attribute keys
// that none of them reads. Pure functions.
#pragma once

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

// At most this many keys of a trace are kept, the most frequent ones.
inline constexpr std::size_t kMostUnreadKeys = 8;

// Fills in `dialects` and `unread_keys`.
void CountReading(const Trace& trace, TraceSummary& summary);

}  // namespace halo
