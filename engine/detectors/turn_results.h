// SPDX-License-Identifier: MIT
// Shared by the detectors of what came of a call and what the model was shown of it. Pure functions
// of the trace; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/detectors/detector.h"

namespace halo {

// Whether the turn is the call of a tool, with a span or without.
bool IsToolCall(const Turn& turn);

// The result that the call itself recorded; null if it has no span or did not record it.
const MessageFacts* RecordedResult(const Trace& trace, const Turn& turn);

// The result that the model was shown; null if it is in no prompt.
const MessageFacts* ShownResult(const Trace& trace, const Turn& turn);

// The locus of the tool that the turn calls; the asking agent's where it has no span.
Locus LocusOfCall(const Trace& trace, const Turn& turn);

// Whether the prompt that read the turn was recorded as the model got it.
bool SeesWholePrompt(const Trace& trace, const Turn& turn);

// Whether two texts begin alike: the head of `part` is one of the two of the whole text of `whole`.
bool BeginsAlike(const MessagePool& messages, const MessageFacts& part, const MessageFacts& whole);

// One finding for each agent and tool, at the first turn; the others are its occurrences. Adds the
// turn to the finding, and returns the finding if it is new.
class FindingByTool {
 public:
  FindingByTool(const Trace& trace, std::vector<Finding>& out)
      : trace_(trace), out_(out), begin_(out.size()) {}
  Finding* Add(const Turn& turn);

 private:
  const Trace& trace_;
  std::vector<Finding>& out_;
  std::size_t begin_;
};

}  // namespace halo
