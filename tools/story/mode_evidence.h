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

// A run without the mode to compare the examples with (engine/counter_example.h), and how it
// differs from the example that it is most like.
struct PassingRun {
  wire::GetFailureModeOutput::CounterExample shown;
  std::optional<TraceReading> reading;  // unless it was removed meanwhile
};
std::optional<PassingRun> PassingRunFor(Engine& engine, const Question& question,
                                        const RankedMode& mode,
                                        const std::vector<ModeExample>& examples);

// Modes that share traces with this one.
struct TogetherRows {
  std::vector<wire::GetFailureModeOutput::Together> rows;
  std::int64_t total = 0;                // modes that share traces with it
  std::int64_t counted = 0, traces = 0;  // the newest of its traces, and all of them
};
TogetherRows FindTogether(Engine& engine, const Question& question, const ModeRanking& ranking,
                          ModeId mode, std::size_t most);

// The part of a name to search the code for: not the masks in it, nor a name that importers give to
// what has none. Empty if nothing telling is left.
std::string_view SearchWord(std::string_view name);

// Where to look in the harness: instrumentation scope, source file and function from the spans of
// the examples, and words to search for.
wire::GetFailureModeOutput::WhereToLook FindPlace(Engine& engine, const RankedMode& mode,
                                                  const std::vector<ModeExample>& examples);

}  // namespace halo
