// SPDX-License-Identifier: MIT
// A trace detector is a pure function of one trace: what goes wrong in it, where, and what it cost.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trace.h"

namespace halo {

// Raised when any detector changes what it finds in the same facts.
inline constexpr int kDetectorsVersion = 2;

// Where in the harness a failure sits. The model is a dimension, never part of it.
struct Locus {
  std::string agent;
  std::string tool;
  std::string span_name;  // normalised; empty where the tool says it all

  bool operator==(const Locus&) const = default;
};

// The locus of one span: agent of its scope, and tool name or normalised span name.
Locus LocusOf(const Trace& trace, SpanIndex span);

struct Finding {
  Locus locus;
  std::string signature;
  std::vector<SpanIndex> spans;  // evidence, the telling one first
  SpanIndex quote_span = -1;
  QuoteRef quote;
  std::vector<SpanIndex> wasted;   // spans whose spend would not have been, with all below them
  std::int64_t wasted_gap_ns = 0;  // idle time between them on top, such as back-off
  std::string tag;                 // e.g. the transport class of an error cluster
  std::int32_t occurrences = 1;    // how many times it happened in this trace
};

enum class Severity : std::uint8_t { kLow, kMedium, kHigh };

struct TraceDetector {
  std::string_view name;      // "exact_repeat"
  std::string_view category;  // "loop", "error", "end", "call"
  Severity severity;          // decides the floor of its waste in the ranking
  int waste_owner;            // a span wasted by two findings belongs to the lower number
  bool end_of_run;            // says something only of settled traces
  bool loses_run = false;     // a run that ends on it brought nothing, see lost_run.h
  // What a mode of this detector is, in a few words; may hold {tool}, {agent}, {signature}.
  std::string_view title;
  // Whether this trace could have shown the failure at all: the denominator of its rate.
  bool (*eligible)(const Trace& trace);
  void (*find)(const Trace& trace, std::vector<Finding>& out);
};

// THE LIST. A detector's position is stored as a bit of TraceSummary::eligible: append only.
std::span<const TraceDetector> AllTraceDetectors();

}  // namespace halo
