// SPDX-License-Identifier: MIT
// Facts and summaries as stored bytes. Facts are columnar: one column a field over all spans of a
// segment, varints and deltas, a dictionary of the segment's words. Both carry a format version.
// Pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/trace_summary.h"
#include "engine/facts/span_facts.h"
#include "engine/result.h"

namespace halo {

std::string EncodeFacts(std::span<const SpanFacts> spans, const Words& words);

// Appends to `out`, interning into `words`. `payload_base` is added to each payload block.
Result<void> DecodeFacts(std::string_view bytes, std::int64_t payload_base, Words& words,
                         std::vector<SpanFacts>& out);

// Only where the payloads of the spans lie; appends.
Result<void> DecodePayloadRefs(std::string_view bytes, std::int64_t payload_base,
                               std::vector<PayloadRef>& out);

std::string EncodeSummary(const TraceSummary& summary);
Result<TraceSummary> DecodeSummary(std::string_view bytes);

}  // namespace halo
