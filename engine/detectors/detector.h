// SPDX-License-Identifier: MIT
// A trace detector is a pure function of one trace: it finds failures, their loci and their waste.
//
// A population detector is one with `measure`: whether its findings hold depends on other runs. It
// is a pure function of one trace too. `measure` states what the run shows at some place, whether
// it fails or not, and `find` gives its findings a condition on the measures of the other runs at
// the same place. Both are stored with the summary. When a question is asked, the measures of all
// settled runs of the project are counted, whatever the question's filter, and the findings whose
// condition does not hold are left out of every answer (summaries/held_findings.h). So a run is
// judged by runs that came after it, nothing is analysed again, and the work is linear.
// Such findings claim no tokens, since nobody can know yet whether they will hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.h"
#include "engine/trace/trace.h"

namespace halo {

// Raise it when a detector finds something else in the same facts.
inline constexpr int kDetectorsVersion = 4;

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
  bool cost_only = false;     // it costs time or money, and never makes a run fail
  // Describes a mode of this detector in a few words; may contain {tool}, {agent}, {signature}.
  std::string_view title;
  // What its signatures are; decides which of its modes may be variants of one defect.
  SignatureKind signature = SignatureKind::kFixed;
  // Whether this trace could have shown the failure. Such traces are the denominator of its rate.
  bool (*eligible)(const Trace& trace);
  void (*find)(const Trace& trace, std::vector<Finding>& out);
  // Of a population detector: what other runs are compared with. Also called where it is
  // not eligible.
  void (*measure)(const Trace& trace, std::vector<Measure>& out) = nullptr;
};

}  // namespace halo
