// SPDX-License-Identifier: MIT
// Finds a successful run to compare with those that show a failure mode. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/engine.h"

namespace halo {

// The similarity of such a run to the runs that show the mode, the closest first.
enum class Likeness : std::uint8_t { kSameTask, kSameTool, kSameAgent, kNone };

struct CounterExample {
  TraceKey key;
  Likeness likeness = Likeness::kNone;
  Outcome outcome = Outcome::kUnknown;
  const TraceSummary* same_task_as = nullptr;  // of `examples`, for kSameTask
};

// The newest settled and successful run in the question that does not show the mode: of the same
// task as one of the examples, else with the mode's tool, else of its agent. nullopt if there is no
// such run.
std::optional<CounterExample> FindCounterExample(Engine& engine, const Question& question,
                                                 const ModeStats& mode,
                                                 std::span<const TraceSummary* const> examples);

}  // namespace halo
