// SPDX-License-Identifier: MIT
// Facts as stored bytes: one column a field over all spans of a segment, varints and deltas, a
// dictionary of the segment's words, and a format version. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/span_facts.h"
#include "engine/result.h"
#include "engine/store/column_codec.h"
#include "engine/words.h"

namespace halo {

std::string EncodeFacts(std::span<const SpanFacts> spans, const Words& words);

// EncodeFacts with memory that is kept from segment to segment. One object a thread.
class FactsEncoder {
 public:
  std::string Encode(std::span<const SpanFacts> spans, const Words& words);

 private:
  std::vector<SpanFacts> shifted_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint32_t> place_;  // by word, in the dictionary; 0: not in it
  std::vector<Word> used_;            // the dictionary
  std::string dictionary_;
  ColumnWriter columns_;
};

// Appends to `out`, interning into `words`. `payload_base` is added to each payload block.
Result<void> DecodeFacts(std::string_view bytes, std::int64_t payload_base, Words& words,
                         std::vector<SpanFacts>& out);

// Only where the payloads of the spans lie; appends.
Result<void> DecodePayloadRefs(std::string_view bytes, std::int64_t payload_base,
                               std::vector<PayloadRef>& out);

}  // namespace halo
