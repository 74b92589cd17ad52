// SPDX-License-Identifier: MIT
#include "engine/codec/message_codec.h"

#include <algorithm>
#include <array>

namespace halo {
namespace {

constexpr std::size_t kMessageColumns = 10, kCallColumns = 7;

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored messages do not decode: ") + what};
}

// Columns in the order in which they are stored.
struct MessageColumns {
  enum { kRole, kMarks, kSize, kHash, kCallId, kError, kCallEnd, kNumberEnd, kValues, kHeads };
  std::array<std::vector<std::uint64_t>, kMessageColumns> of;
};
struct CallColumns {
  enum { kTool, kId, kRequest, kSize, kValues, kHeads, kWhole };
  std::array<std::vector<std::uint64_t>, kCallColumns> of;
};

// Reads the section for one request.
class Decoder {
 public:
  Decoder(std::string_view section, StoredDictionary& dictionary, StringPool& words)
      : size_(section.size()), in_(section), dictionary_(dictionary), words_(words) {}

  Result<void> Run(std::span<const std::span<std::uint64_t>> lists) {
    std::uint64_t last = 0;
    for (const auto& numbers : lists) {
      for (const std::uint64_t number : numbers) last = std::max(last, number);
    }
    if (last == 0) return {};
    for (std::uint64_t* count : {&nodes_, &messages_, &calls_, &numbers_}) {
      *count = in_.Varint();
      if (*count > MaxItems(size_)) return Corrupt("more items than bytes");
    }
    if (!in_.ok() || last > nodes_) return Corrupt("a list that it does not have");
    ColumnReader columns(in_);
    if (const Result<void> read = ReadNodes(columns, lists, last); !read) return read;
    if (const Result<void> read = ReadMessages(columns); !read) return read;
    if (const Result<void> kept = KeepMessages(); !kept) return kept;
    KeepNodes();
    for (const auto& numbers : lists) {
      for (std::uint64_t& number : numbers) {
        if (number != 0) number = ids_[number];
      }
    }
    return {};
  }

 private:
  // The lists that are needed with all that they begin with, and the range of their messages.
  Result<void> ReadNodes(ColumnReader& columns, std::span<const std::span<std::uint64_t>> lists,
                         std::uint64_t last) {
    if (!columns.Next(nodes_, {0, last}, before_)) return Corrupt("column cut off");
    ids_.assign(last + 1, 0);
    for (const auto& numbers : lists) {
      for (std::uint64_t at : numbers) {
        while (at != 0 && ids_[at] == 0) {
          ids_[at] = 1;  // needed
          const std::uint64_t distance = before_[at - 1];
          if (distance > at) return Corrupt("a list before itself");
          // 0: begins a list
          at = distance == 0 ? 0 : at - distance;
        }
      }
    }
    first_node_ = static_cast<std::size_t>(std::find(ids_.begin(), ids_.end(), 1) - ids_.begin());
    const RowRange range = {first_node_ - 1, last - first_node_ + 1};
    if (!columns.Next(nodes_, range, newest_)) return Corrupt("column cut off");
    std::uint64_t least = messages_ + 1, most = 0;
    for (std::size_t i = 0; i < newest_.size(); ++i) {
      if (ids_[first_node_ + i] == 0) continue;
      if (newest_[i] == 0 || newest_[i] > messages_) return Corrupt("an unknown message");
      least = std::min(least, newest_[i]);
      most = std::max(most, newest_[i]);
    }
    first_message_ = least;
    wanted_ = most - least + 1;
    return {};
  }

  Result<void> ReadMessages(ColumnReader& columns) {
    // With the message before, where its calls and numbers end.
    const std::size_t before = first_message_ > 1 ? 1 : 0;
    const RowRange range = {first_message_ - 1 - before, wanted_ + before};
    for (auto& column : message_.of) {
      if (!columns.Next(messages_, range, column)) return Corrupt("column cut off");
    }
    for (std::vector<std::uint64_t>* ends :
         {&message_.of[MessageColumns::kCallEnd], &message_.of[MessageColumns::kNumberEnd]}) {
      if (before == 0) ends->insert(ends->begin(), 0);
      if (!std::is_sorted(ends->begin(), ends->end())) return Corrupt("lists out of order");
    }
    if (before == 1) {
      for (std::size_t i = 0; i < kMessageColumns; ++i) {
        if (i == MessageColumns::kCallEnd || i == MessageColumns::kNumberEnd) continue;
        message_.of[i].erase(message_.of[i].begin());
      }
    }
    const auto& call_ends = message_.of[MessageColumns::kCallEnd];
    const auto& number_ends = message_.of[MessageColumns::kNumberEnd];
    if (call_ends.back() > calls_ || number_ends.back() > numbers_) {
      return Corrupt("lists out of range");
    }
    for (auto& column : call_.of) {
      if (!columns.Next(calls_, {call_ends.front(), call_ends.back() - call_ends.front()},
                        column)) {
        return Corrupt("column cut off");
      }
    }
    const RowRange wanted = {number_ends.front(), number_ends.back() - number_ends.front()};
    if (!columns.Next(numbers_, wanted, number_)) return Corrupt("column cut off");
    if (!dictionary_.Replace(message_.of[MessageColumns::kError], words_) ||
        !dictionary_.Replace(call_.of[CallColumns::kTool], words_)) {
      return Corrupt("word out of range");
    }
    return {};
  }

  // Takes the next numbers of a message that has `left` of them.
  bool Take(std::uint64_t count, std::size_t end, std::vector<std::uint32_t>& out) {
    out.clear();
    if (count > end - at_number_) return false;
    for (; count > 0; --count) out.push_back(static_cast<std::uint32_t>(number_[at_number_++]));
    return true;
  }

  Result<void> KeepMessages() {
    const auto& m = message_.of;
    const auto& call_ends = m[MessageColumns::kCallEnd];
    const auto& number_ends = m[MessageColumns::kNumberEnd];
    message_ids_.resize(wanted_);
    NewMessage made;
    for (std::size_t i = 0; i < wanted_; ++i) {
      const std::size_t end = number_ends[i + 1] - number_ends.front();
      MessageFacts& facts = made.facts;
      if (m[MessageColumns::kRole][i] > static_cast<std::uint64_t>(MessageRole::kTool)) {
        return Corrupt("unknown role");
      }
      facts.role = static_cast<MessageRole>(m[MessageColumns::kRole][i]);
      facts.marks = static_cast<std::uint32_t>(m[MessageColumns::kMarks][i]);
      facts.size = static_cast<std::uint32_t>(m[MessageColumns::kSize][i]);
      facts.hash = m[MessageColumns::kHash][i];
      facts.call_id = m[MessageColumns::kCallId][i];
      facts.error = static_cast<StringId>(m[MessageColumns::kError][i]);
      bool fits = Take(m[MessageColumns::kValues][i], end, made.values) &&
                  Take(m[MessageColumns::kHeads][i], end, made.heads);
      made.calls.resize(call_ends[i + 1] - call_ends[i]);
      for (std::size_t k = 0; k < made.calls.size() && fits; ++k) {
        const std::size_t at = call_ends[i] - call_ends.front() + k;
        NewCall& call = made.calls[k];
        call.facts.tool = static_cast<StringId>(call_.of[CallColumns::kTool][at]);
        call.facts.id = call_.of[CallColumns::kId][at];
        call.facts.request = call_.of[CallColumns::kRequest][at];
        call.facts.size = static_cast<std::uint32_t>(call_.of[CallColumns::kSize][at]);
        call.facts.whole_values = static_cast<std::uint32_t>(call_.of[CallColumns::kWhole][at]);
        fits = Take(call_.of[CallColumns::kValues][at], end, call.values) &&
               Take(call_.of[CallColumns::kHeads][at], end, call.heads);
      }
      if (!fits || at_number_ != end) return Corrupt("numbers of a message");
      message_ids_[i] = words_.messages().Add(made);
    }
    return {};
  }

  void KeepNodes() {
    for (std::size_t i = 0; i < newest_.size(); ++i) {
      const std::size_t number = first_node_ + i;
      if (ids_[number] == 0) continue;
      const std::uint64_t distance = before_[number - 1];
      const ContextId before = distance == 0 ? 0 : ids_[number - distance];
      ids_[number] = words_.messages().Append(before, message_ids_[newest_[i] - first_message_]);
    }
  }

  const std::size_t size_;
  ByteReader in_;
  StoredDictionary& dictionary_;
  StringPool& words_;
  std::uint64_t nodes_ = 0, messages_ = 0, calls_ = 0, numbers_ = 0;
  std::vector<std::uint64_t> before_, newest_, number_;
  std::vector<ContextId> ids_;  // by number of a list
  std::size_t first_node_ = 0, first_message_ = 0, wanted_ = 0, at_number_ = 0;
  MessageColumns message_;
  CallColumns call_;
  std::vector<MessageId> message_ids_;
};

}  // namespace

void MessageEncoder::StartGroup() {
  list_numbers_.clear();
  message_numbers_.clear();
}

void MessageEncoder::PutNumbers(std::span<const std::uint32_t> values,
                                std::span<const std::uint32_t> heads) {
  numbers_.insert(numbers_.end(), values.begin(), values.end());
  numbers_.insert(numbers_.end(), heads.begin(), heads.end());
}

std::uint64_t MessageEncoder::MessageNumber(MessageId message, const StringPool& words,
                                            DictionaryWriter& dictionary) {
  std::uint64_t& number = message_numbers_[message];
  if (number != 0) return number;
  const MessagePool& pool = words.messages();
  const MessageFacts& facts = pool[message];
  role_.push_back(static_cast<std::uint64_t>(facts.role));
  marks_.push_back(facts.marks);
  size_.push_back(facts.size);
  hash_.push_back(facts.hash);
  call_id_.push_back(facts.call_id);
  error_.push_back(dictionary.NumberOf(facts.error, words));
  values_.push_back(pool.ValuesOf(facts).size());
  heads_.push_back(pool.HeadsOf(facts).size());
  PutNumbers(pool.ValuesOf(facts), pool.HeadsOf(facts));
  for (const CallFacts& call : pool.CallsOf(facts)) {
    tool_.push_back(dictionary.NumberOf(call.tool, words));
    id_.push_back(call.id);
    request_.push_back(call.request);
    arguments_.push_back(call.size);
    call_values_.push_back(pool.ValuesOf(call).size());
    call_heads_.push_back(pool.HeadsOf(call).size());
    call_whole_.push_back(call.whole_values);
    PutNumbers(pool.ValuesOf(call), pool.HeadsOf(call));
  }
  call_end_.push_back(tool_.size());
  number_end_.push_back(numbers_.size());
  return number = role_.size();
}

std::uint64_t MessageEncoder::NumberOf(ContextId list, const StringPool& words,
                                       DictionaryWriter& dictionary) {
  if (list == 0) return 0;
  const MessagePool& pool = words.messages();
  pending_.clear();
  std::uint64_t before = 0;
  for (ContextId at = list; at != 0; at = pool.Before(at)) {
    const auto found = list_numbers_.find(at);
    if (found != list_numbers_.end()) {
      before = found->second;
      break;
    }
    pending_.push_back(at);
  }
  for (; !pending_.empty(); pending_.pop_back()) {
    const std::uint64_t number = before_.size() + 1;
    before_.push_back(before == 0 ? 0 : number - before);
    newest_.push_back(MessageNumber(pool.Newest(pending_.back()), words, dictionary));
    list_numbers_.emplace(pending_.back(), number);
    before = number;
  }
  return before;
}

void MessageEncoder::Finish(std::string& out) {
  StartGroup();
  if (before_.empty()) return;
  for (const Column* counted : {&before_, &role_, &tool_, &numbers_}) {
    PutVarint(out, counted->size());
  }
  const std::uint64_t most =
      std::max({before_.size(), role_.size(), tool_.size(), numbers_.size()});
  for (Column* column :
       {&before_,  &newest_,    &role_,        &marks_,      &size_,       &hash_,   &call_id_,
        &error_,   &call_end_,  &number_end_,  &values_,     &heads_,      &tool_,   &id_,
        &request_, &arguments_, &call_values_, &call_heads_, &call_whole_, &numbers_}) {
    columns_.Add(*column);
    column->clear();
  }
  columns_.Finish(out);
  PadToItems(most, out);
}

Result<void> DecodeMessages(std::string_view section, StoredDictionary& dictionary,
                            std::span<const std::span<std::uint64_t>> lists, StringPool& words) {
  return Decoder(section, dictionary, words).Run(lists);
}

}  // namespace halo
