// SPDX-License-Identifier: MIT
// Finds a trace by an id that a user typed, or by the beginning of one.
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
// kNotFound suggests similar ids; throws DamagedPart if the trace may be lost to damage.
Result<FoundTrace> LookUpTrace(Database& database, TraceKey key);

// A word in a form that is safe in a message, where nothing marks it as untrusted: a plain id or
// name is shown, of any other word only its size.
std::string Printable(const std::string& word);

}  // namespace halo
