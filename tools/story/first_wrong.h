// SPDX-License-Identifier: MIT
// The turn in which a run first went wrong, and the calls that show it. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"
#include "schemas/explain_trace.h"

namespace halo {

// The finding whose turn comes first, and that turn: of several in one turn, the one whose span
// comes first, then the order of `findings`. nullopt if there are no findings, or none of them
// names a span of the trace.
struct FirstWrong {
  const StoredFinding* finding = nullptr;
  wire::ExplainTraceOutput::WrongTurn turn;
};
std::optional<FirstWrong> FindFirstWrong(const Trace& trace,
                                         std::span<const StoredFinding* const> findings);

// The spans to read for a finding along its turn: those of its evidence in order, else its own; at
// most `most`. Only plain ids.
std::vector<TraceId> SpansToRead(const StoredFinding& finding, std::size_t most);

}  // namespace halo
