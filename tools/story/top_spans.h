// SPDX-License-Identifier: MIT
// The largest single spans over many traces, found without reading all of them. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/engine.h"
#include "schemas/get_expensive_spans.h"
#include "tools/answer/tool.h"

namespace halo {

struct TopSpan {
  wire::GetExpensiveSpansOutput::Row row;  // without share
  std::int64_t amount = 0;                 // nano-USD, tokens or ns
};

struct TopSpans {
  std::vector<TopSpan> spans;  // largest first
  std::int64_t traces_read = 0;
  std::int64_t stalls = 0;  // stalled calls in those, left out by latency
  bool exact = false;       // no unread trace can contain a larger span
};

// Reads traces in descending order of size, and stops when the next trace as a whole is smaller
// than the last of the `most` spans found so far: the threshold algorithm of Fagin, Lotem and Naor
// (2001) on one list. Reads at most 200 traces. kCancelled when asked to stop.
Result<TopSpans> FindTopSpans(Engine& engine, const Question& question, wire::ExpenseBy by,
                              std::size_t most, const CallContext& context);

}  // namespace halo
