// SPDX-License-Identifier: MIT
// Finds a trace by what a user types: an id, or the beginning of one.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// A row of `traces`.
struct FoundTrace {
  std::int64_t id = 0;
  TraceKey key;
  std::int64_t generation = 0, summary = 0, arrived_ns = 0, source = 0, segments = 0;
  bool stale = false;
};

// The trace with this id, or the only one whose id starts with it. An empty project means any.
// kNotFound suggests what may be meant; throws DamagedPart if the trace may be lost to damage.
Result<FoundTrace> LookUpTrace(Database& database, TraceKey key);

// A word for a message, which has no fences: unless it is a plain id or name, only its size.
std::string Printable(const std::string& word);

}  // namespace halo
