// SPDX-License-Identifier: MIT
// The name, id and times of a span in an answer. Any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "engine/analysis/operations.h"
#include "engine/trace/trace.h"
#include "tools/answer/phrases.h"

namespace halo {

inline TraceName LabelText(const Trace& trace, const SpanFacts& span) {
  const StringId label = LabelOf(span);
  return TraceName(trace.Text(label ? label : span.name));
}

// A TraceId, because an emitter can write any text as an id.
inline TraceId SpanIdText(const Trace& trace, SpanIndex span) {
  return TraceId(trace.Text(trace.spans[span].span_id));
}

inline std::int64_t DurationNs(const SpanFacts& span) {
  return std::max<std::int64_t>(0, PlausibleNs(span.start_ns, span.end_ns));
}

// Time from the first known start in the trace.
inline std::int64_t OffsetNs(const Trace& trace, const SpanFacts& span) {
  // Spans are sorted by start; those without one come first.
  const auto first = std::partition_point(trace.spans.begin(), trace.spans.end(),
                                          [](const SpanFacts& one) { return one.start_ns <= 0; });
  if (first == trace.spans.end()) return 0;
  return std::max<std::int64_t>(0, PlausibleNs(first->start_ns, span.start_ns));
}

}  // namespace halo
