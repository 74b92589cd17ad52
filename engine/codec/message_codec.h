// SPDX-License-Identifier: MIT
// Encodes the messages that a table of facts refers to (message_pool.h). Lists of messages are
// numbered from 1 in the order of their first use, anew for each group of rows, so that the
// messages of one group are one range of the stored columns and can be read without the others. One
// object per thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/codec/column_codec.h"
#include "engine/codec/text_dictionary.h"
#include "engine/model/string_pool.h"

namespace halo {

class MessageEncoder {
 public:
  void StartGroup();
  // 0 for the empty list. Words of the messages are numbered in `dictionary`.
  std::uint64_t NumberOf(ContextId list, const StringPool& words, DictionaryWriter& dictionary);
  // Appends what was numbered to `out` and starts the next table.
  void Finish(std::string& out);

 private:
  using Column = std::vector<std::uint64_t>;

  std::uint64_t MessageNumber(MessageId message, const StringPool& words,
                              DictionaryWriter& dictionary);
  void PutNumbers(std::span<const std::uint32_t> values, std::span<const std::uint32_t> heads);

  std::unordered_map<ContextId, std::uint64_t> list_numbers_;     // of this group
  std::unordered_map<MessageId, std::uint64_t> message_numbers_;  // of this group
  std::vector<ContextId> pending_;
  Column before_, newest_;
  Column role_, marks_, size_, hash_, call_id_, error_, call_end_, number_end_, values_, heads_;
  Column tool_, id_, request_, arguments_, call_values_, call_heads_, call_whole_;
  Column numbers_;
  ColumnWriter columns_;
};

// Replaces numbers of lists, as MessageEncoder gave them, by ids of `words.messages()`. Reads only
// the range of the messages that are needed. kCorrupt if `section` does not hold them.
Result<void> DecodeMessages(std::string_view section, StoredDictionary& dictionary,
                            std::span<const std::span<std::uint64_t>> lists, StringPool& words);

}  // namespace halo
