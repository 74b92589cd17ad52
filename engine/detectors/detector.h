// SPDX-License-Identifier: MIT
// A trace detector is a pure function of one trace: what goes wrong in it, where, and what it cost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.h"
#include "engine/trace/trace.h"

namespace halo {

// Raised when any detector changes what it finds in the same facts.
inline constexpr int kDetectorsVersion = 1;

// The locus of one span: agent of its scope, and tool name or normalised span name.
Locus LocusOf(const Trace& trace, SpanIndex span);

struct TraceDetector {
  // Stored with each finding, and as a bit of TraceSummary::eligible: unique, below 64, never
  // changed and never given to another detector.
  std::uint8_t id;
  std::string_view name;      // "exact_repeat"
  std::string_view category;  // "loop", "error", "end", "call"
  Severity severity;          // decides the floor of its waste in the ranking
  bool end_of_run;            // says something only of settled traces
  bool loses_run = false;     // a run that ends on it brought nothing, see lost_run.h
  // What a mode of this detector is, in a few words; may hold {tool}, {agent}, {signature}.
  std::string_view title;
  // Whether this trace could have shown the failure at all: the denominator of its rate.
  bool (*eligible)(const Trace& trace);
  void (*find)(const Trace& trace, std::vector<Finding>& out);
};

}  // namespace halo
