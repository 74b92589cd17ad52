// SPDX-License-Identifier: MIT
// Examples and counter-examples of a failure mode, and modes that occur with it. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/get_failure_mode.h"

namespace halo {

// One of the mode's traces with its finding there.
struct ModeExample {
  TraceReading reading;
  StoredFinding finding;
};
// At most `most` of `mode.stats.examples` that still show the mode.
std::vector<ModeExample> ReadExamples(Engine& engine, const RankedMode& mode, std::size_t most);

wire::GetFailureModeOutput::Example ToWire(Engine& engine, const ModeExample& example);

// A run without the mode to compare the examples with (engine/counter_example.h).
std::optional<wire::GetFailureModeOutput::CounterExample> CounterExampleFor(
    Engine& engine, const Question& question, const RankedMode& mode,
    const std::vector<ModeExample>& examples);

// Modes that share traces with this one, counted over its newest 500 traces.
std::vector<wire::GetFailureModeOutput::Together> FindTogether(Engine& engine,
                                                               const Question& question,
                                                               const ModeRanking& ranking,
                                                               ModeId mode, std::size_t most);

// The part of a name to search the code for: not the masks in it, nor a name that importers give to
// what has none. Empty if nothing telling is left.
std::string_view SearchWord(std::string_view name);

// Where to look in the harness: instrumentation scope, source file and function from the spans of
// the examples, and words to search for.
wire::GetFailureModeOutput::WhereToLook FindPlace(Engine& engine, const RankedMode& mode,
                                                  const std::vector<ModeExample>& examples);

}  // namespace halo
