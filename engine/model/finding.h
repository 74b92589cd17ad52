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

// What a piece of evidence is in the trace.
enum class EvidenceRole : std::uint8_t {
  kError,   // the text of an error or of a limit
  kCall,    // what a tool was asked, or was about to be
  kResult,  // what a tool returned
  kAnswer,  // what a model said, or how it finished
};
inline constexpr EvidenceRole kLastEvidenceRole = EvidenceRole::kAnswer;

struct Evidence {
  EvidenceRole role = EvidenceRole::kError;
  SpanIndex span = -1;
  QuoteRef quote;
};

struct Finding {
  Locus locus;
  std::string signature;
  std::vector<SpanIndex> spans;    // those that show it, the most telling one first
  std::vector<Evidence> evidence;  // values that show it, the most telling one first
  std::vector<SpanIndex> wasted;   // spans whose spend would not have been, with all below them
  std::int64_t wasted_gap_ns = 0;  // idle time between them on top, such as back-off
  std::string tag;                 // e.g. the transport class of an error cluster
  std::int32_t occurrences = 1;    // how many times it happened in this trace

  // Adds a value as evidence; one that was not recorded is none.
  void Cite(EvidenceRole role, SpanIndex span, const QuoteRef& quote) {
    if (quote.path != 0) evidence.push_back({role, span, quote});
  }
};

enum class Severity : std::uint8_t { kLow, kMedium, kHigh };

}  // namespace halo
