// SPDX-License-Identifier: MIT
// Facts as stored bytes: a table with one row a span and one column a field, varints and deltas,
// dictionaries of its ids and words, and a format version. The spans of many traces share a table,
// so that what a column costs by itself is paid once. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/codec/column_codec.h"
#include "engine/codec/text_dictionary.h"
#include "engine/model/span_facts.h"
#include "engine/model/string_pool.h"

namespace halo {

std::string EncodeFacts(std::span<const SpanFacts> spans, const StringPool& words);

// EncodeFacts with memory that is kept from table to table. One object a thread.
class FactsEncoder {
 public:
  // The rows of all groups, one group after the other. The view is valid until the next call.
  std::string_view Encode(std::span<const std::span<const SpanFacts>> groups,
                          const StringPool& words);

 private:
  std::vector<std::uint64_t> values_, lengths_;
  DictionaryWriter ids_, words_;
  ColumnWriter columns_;
  std::string out_;
};

// All rows of a table. Appends to `out`, interning into `words`. `payload_base` is added to each
// payload block. kCorrupt changes nothing but the words.
Result<void> DecodeFacts(std::string_view table, std::int64_t payload_base, StringPool& words,
                         std::vector<SpanFacts>& out);
// Only these rows; kCorrupt too where the table does not have them.
Result<void> DecodeFacts(std::string_view table, RowRange rows, std::int64_t payload_base,
                         StringPool& words, std::vector<SpanFacts>& out);

// Only where the payloads of all rows lie; appends.
Result<void> DecodePayloadRefs(std::string_view table, std::vector<PayloadRef>& out);

}  // namespace halo
