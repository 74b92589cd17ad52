// SPDX-License-Identifier: MIT
// One detector's hit in one trace: where it is, what shows it and what it cost.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/span_facts.h"

namespace halo {

// Index of a span in Trace::spans; -1 for none.
using SpanIndex = std::int32_t;

// Where in the harness a failure sits. The model is a dimension, never part of it.
struct Locus {
  std::string agent;
  std::string tool;
  std::string span_name;  // normalised; empty where the tool says it all

  bool operator==(const Locus&) const = default;
};

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

}  // namespace halo
