// SPDX-License-Identifier: MIT
// The name, id and times of a span in an answer. Any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/analysis/operations.h"
#include "engine/trace/trace.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

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

// Time from the first known start in the trace. Unknown for a span that has only a position.
inline std::optional<std::int64_t> OffsetNs(const Trace& trace, const SpanFacts& span) {
  if (span.sequence != 0 && span.start_ns <= 0) return std::nullopt;
  // Spans are in order of their start; some may lack one.
  const auto first = std::find_if(trace.spans.begin(), trace.spans.end(),
                                  [](const SpanFacts& one) { return one.start_ns > 0; });
  if (first == trace.spans.end()) return 0;
  return std::max<std::int64_t>(0, PlausibleNs(first->start_ns, span.start_ns));
}

inline std::optional<std::int64_t> OffsetMs(const Trace& trace, const SpanFacts& span) {
  const std::optional<std::int64_t> ns = OffsetNs(trace, span);
  return ns ? std::optional(Ms(*ns)) : std::nullopt;
}

}  // namespace halo
