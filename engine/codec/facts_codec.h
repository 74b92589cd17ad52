// SPDX-License-Identifier: MIT
// Encodes the facts of spans as a table: one row per span, one column per field, and dictionaries
// of ids and words. The spans of many traces share a table, so that the fixed cost of a column is
// paid once. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/codec/column_codec.h"
#include "engine/codec/message_codec.h"
#include "engine/codec/text_dictionary.h"
#include "engine/model/span_facts.h"
#include "engine/model/string_pool.h"

namespace halo {

std::string EncodeFacts(std::span<const SpanFacts> spans, const StringPool& words);

// EncodeFacts with memory that is reused from table to table. One object per thread.
class FactsEncoder {
 public:
  // Encodes the rows of all groups, group by group. The view is valid until the next call.
  std::string_view Encode(std::span<const std::span<const SpanFacts>> groups,
                          const StringPool& words);

 private:
  void NumberMessages(std::span<const std::span<const SpanFacts>> groups, const StringPool& words);

  std::vector<std::uint64_t> values_, lengths_;
  std::array<std::vector<std::uint64_t>, 2> lists_;  // numbers of prompts and answers, by row
  MessageEncoder messages_;
  DictionaryWriter ids_, words_;
  ColumnWriter columns_;
  std::string section_, out_;
};

// Appends all rows of a table to `out`, interning strings into `words` and adding `payload_base` to
// each payload block. On kCorrupt, `out` is unchanged.
Result<void> DecodeFacts(std::string_view table, std::int64_t payload_base, StringPool& words,
                         std::vector<SpanFacts>& out);
// Decodes only `rows`. Also kCorrupt if the table does not have them.
Result<void> DecodeFacts(std::string_view table, RowRange rows, std::int64_t payload_base,
                         StringPool& words, std::vector<SpanFacts>& out);

// Appends the positions of the payloads of all rows.
Result<void> DecodePayloadRefs(std::string_view table, std::vector<PayloadRef>& out);

}  // namespace halo
