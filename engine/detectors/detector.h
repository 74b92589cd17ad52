// SPDX-License-Identifier: MIT
// A trace detector is a pure function of one trace: it finds failures, their loci and their waste.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.h"
#include "engine/trace/trace.h"

namespace halo {

// Raise it when a detector finds something else in the same facts.
inline constexpr int kDetectorsVersion = 2;

// The locus of a span: the agent of its scope, and the tool or the normalised span name.
Locus LocusOf(const Trace& trace, SpanIndex span);

struct TraceDetector {
  // Stored with each finding, and as a bit of TraceSummary::eligible: unique, below 64, never
  // changed and never given to another detector.
  std::uint8_t id;
  std::string_view name;      // "exact_repeat"
  std::string_view category;  // "loop", "error", "end", "call"
  Severity severity;          // sets the minimum waste that the ranking assumes
  Confidence confidence;      // of all its findings
  bool end_of_run;            // only applied to settled traces
  bool loses_run = false;     // a run that ends with it achieved nothing; see lost_run.h
  // Describes a mode of this detector in a few words; may contain {tool}, {agent}, {signature}.
  std::string_view title;
  // What its signatures are; decides which of its modes may be variants of one defect.
  SignatureKind signature = SignatureKind::kFixed;
  // Whether this trace could have shown the failure. Such traces are the denominator of its rate.
  bool (*eligible)(const Trace& trace);
  void (*find)(const Trace& trace, std::vector<Finding>& out);
};

}  // namespace halo
