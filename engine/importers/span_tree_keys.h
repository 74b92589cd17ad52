// SPDX-License-Identifier: MIT
// The names under which tools write the parts of their own spans (span_tree_json.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class SpanTreeUse : std::uint8_t {
  kTraceId,
  kSpanId,
  kSomeId,  // of the span, or of the trace that holds it
  kParent,
  kName,
  kKind,
  kStart,
  kEnd,
  kDuration,  // the scale in nanoseconds; 0: only texts that name a unit are understood
  kStatus,
  kStatusMessage,
  kAttributes,
  kResource,
  kService,
  kScope,
  kScopeName,
  kScopeVersion,
  kEvents,
  kLinks,
  kChildren,
  kInside,  // an object with more members of the span
  kInput,
  kOutput,
  kModel,
};

struct SpanTreeRow {
  std::string_view key;  // folded (tree_span_reader.h)
  SpanTreeUse use;
  double scale = 0;
};

// The row of a key; null if no row has it.
const SpanTreeRow* FindSpanTreeRow(std::string_view key);

}  // namespace halo
