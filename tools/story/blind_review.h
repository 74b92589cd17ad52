// SPDX-License-Identifier: MIT
// Blind readings as review_runs answers: begins one, shows the runs that are still to be read, and
// tells the sides when it is done. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/blind_book.h"
#include "engine/engine.h"
#include "schemas/review_runs.h"
#include "tools/answer/tool.h"
#include "tools/story/blind_mask.h"
#include "tools/story/joined_run.h"

namespace halo {

// Whether the arguments ask for a blind reading.
bool IsBlind(const wire::ReviewRunsInput& in);

struct BlindAnswer {
  wire::ReviewRunsOutput out;
  std::vector<std::size_t> texts_of;  // along out.texts: the run that needs it
};
// kInvalidArgument: the arguments do not go together, the sides are the same, or there is no such
// fix.
Result<BlindAnswer> ReadBlind(Engine& engine, const wire::ReviewRunsInput& in,
                              const CallContext& context);

// The run behind an id of a dossier of a blind reading.
struct BlindRun {
  TraceKey key;
  std::string reading;
  bool ended = false;
  BlindMask mask;
};
// nullopt if the id is not of that kind; kNotFound if no reading has it.
Result<std::optional<BlindRun>> FindBlindRun(Engine& engine, std::string_view id);

// The run that a note is of.
struct NotedRun {
  JoinedRun run;
  std::string blind;  // the blind reading in which it was read; empty: none
  std::string id;     // as the client gave it
  BlindMask mask;     // of the reading

  // Of a blind reading, the id by which the reader knows it.
  TraceId ShownId() const { return TraceId(blind.empty() ? run.first().stored.key.trace_id : id); }
  // A text of the run, masked in a blind reading.
  std::string Shown(std::string_view text) const;
};
// The error says why no note can be taken: there is no such run, or its blind reading is over.
Result<NotedRun> ReadNotedRun(Engine& engine, const TraceKey& key, std::stop_token stop);

// Adds the call that goes on with the reading to which a run id belongs, if there is one.
void AddBlindCall(std::span<const ReviewEvent> events, std::string_view run_id,
                  std::vector<Words>& calls);

// The call that goes on with a reading; empty if it cannot be written plainly.
std::string BlindCall(const BlindReading& reading);

}  // namespace halo
