// SPDX-License-Identifier: MIT
// One detector's finding in one trace: its locus, evidence and waste.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/span_facts.h"

namespace halo {

// Index into Trace::spans; -1: none.
using SpanIndex = std::int32_t;

// Where in the harness a failure occurs. The model is not part of it: it is a dimension.
struct Locus {
  std::string agent;
  std::string tool;
  std::string span_name;  // normalised; empty if the tool identifies the place

  bool operator==(const Locus&) const = default;
};

struct Finding {
  Locus locus;
  std::string signature;
  std::vector<SpanIndex> spans;  // evidence, the most significant span first
  SpanIndex quote_span = -1;
  QuoteRef quote;
  std::vector<SpanIndex> wasted;   // spans that were wasted, with all their descendants
  std::int64_t wasted_gap_ns = 0;  // additional idle time between them, such as back-off
  std::string tag;                 // for example the transport class of an error cluster
  std::int32_t occurrences = 1;    // in this trace
};

enum class Severity : std::uint8_t { kLow, kMedium, kHigh };

}  // namespace halo
