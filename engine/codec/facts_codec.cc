// SPDX-License-Identifier: MIT
#include "engine/codec/facts_codec.h"

#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "engine/codec/column_codec.h"

namespace halo {
namespace {

constexpr std::uint8_t kFormat = 2;
// Has no section of messages, and ends before their columns.
constexpr std::uint8_t kWithoutMessages = 1;

enum class Shape : std::uint8_t {
  kNumber,
  kSigned,
  kId,
  kWord,
  kDuration,  // the end, stored as the distance from the start
  kGap,       // the offset of a payload, stored as the distance from the end of the previous one
  kMessages,  // a list of messages, stored as its number in the section of messages
};

// One field of SpanFacts as a column.
struct Column {
  Shape shape;
  // Whether any bit of the field is set in `bits`, a mask in the layout of SpanFacts.
  bool (*any)(const SpanFacts& bits);
  void (*gather)(std::span<const SpanFacts> spans, std::uint64_t* values);
  void (*scatter)(const std::uint64_t* values, std::span<SpanFacts> spans);
};

// `Access` takes a SpanFacts and returns a reference to the field. Reading truncates a number to
// the width of its field, so no stored number is out of a field's range.
template <class Access>
constexpr Column Of(Shape shape, Access) {
  return {shape,
          [](const SpanFacts& bits) { return static_cast<std::uint64_t>(Access{}(bits)) != 0; },
          [](std::span<const SpanFacts> spans, std::uint64_t* values) {
            for (const SpanFacts& span : spans) {
              *values++ = static_cast<std::uint64_t>(Access{}(span));
            }
          },
          [](const std::uint64_t* values, std::span<SpanFacts> spans) {
            for (SpanFacts& span : spans) {
              auto& field = Access{}(span);
              using Field = std::remove_reference_t<decltype(field)>;
              if constexpr (std::is_same_v<Field, bool>) {
                field = *values++ != 0;
              } else {
                field = static_cast<Field>(*values++);
              }
            }
          }};
}

template <class Access>
constexpr Column Number(Access access) {
  return Of(Shape::kNumber, access);
}
template <class Access>
constexpr Column Signed(Access access) {
  return Of(Shape::kSigned, access);
}
template <class Access>
constexpr Column Id(Access access) {
  return Of(Shape::kId, access);
}
template <class Access>
constexpr Column StringColumn(Access access) {
  return Of(Shape::kWord, access);
}

// Uses wrapping arithmetic, so that every value survives. The end of an open span is 0 and is
// stored as 0 minus its start.
constexpr Column kDuration = {Shape::kDuration, [](const SpanFacts&) { return true; },
                              [](std::span<const SpanFacts> spans, std::uint64_t* values) {
                                for (const SpanFacts& span : spans) {
                                  *values++ = static_cast<std::uint64_t>(span.end_ns) -
                                              static_cast<std::uint64_t>(span.start_ns);
                                }
                              },
                              [](const std::uint64_t* values, std::span<SpanFacts> spans) {
                                for (SpanFacts& span : spans) {
                                  span.end_ns = static_cast<std::int64_t>(
                                      *values++ + static_cast<std::uint64_t>(span.start_ns));
                                }
                              }};

// Stored in this order: append only. kDuration must follow the start.
constexpr std::array kColumns = {
    Id([](auto& f) -> auto& { return f.span_id; }),
    Id([](auto& f) -> auto& { return f.parent_id; }),
    StringColumn([](auto& f) -> auto& { return f.name; }),
    StringColumn([](auto& f) -> auto& { return f.operation; }),
    Number([](auto& f) -> auto& { return f.kind; }),
    Number([](auto& f) -> auto& { return f.status; }),
    Number([](auto& f) -> auto& { return f.start_ns; }),
    kDuration,
    Number([](auto& f) -> auto& { return f.content_hash; }),
    Signed([](auto& f) -> auto& { return f.payload.block; }),
    Of(
        Shape::kGap, [](auto& f) -> auto& { return f.payload.offset; }),
    Number([](auto& f) -> auto& { return f.payload.length; }),
    Number([](auto& f) -> auto& { return f.payload_bytes; }),
    Number([](auto& f) -> auto& { return f.clipped; }),
    StringColumn([](auto& f) -> auto& { return f.service; }),
    StringColumn([](auto& f) -> auto& { return f.version; }),
    StringColumn([](auto& f) -> auto& { return f.environment; }),
    StringColumn([](auto& f) -> auto& { return f.session; }),
    StringColumn([](auto& f) -> auto& { return f.user; }),
    StringColumn([](auto& f) -> auto& { return f.task; }),
    StringColumn([](auto& f) -> auto& { return f.agent; }),
    StringColumn([](auto& f) -> auto& { return f.provider; }),
    StringColumn([](auto& f) -> auto& { return f.model; }),
    StringColumn([](auto& f) -> auto& { return f.tool; }),
    StringColumn([](auto& f) -> auto& { return f.scope_name; }),
    StringColumn([](auto& f) -> auto& { return f.convention; }),
    StringColumn([](auto& f) -> auto& { return f.tags; }),
    Number([](auto& f) -> auto& { return f.human_wait; }),
    Number([](auto& f) -> auto& { return f.has_usage; }),
    Signed([](auto& f) -> auto& { return f.usage.input; }),
    Signed([](auto& f) -> auto& { return f.usage.output; }),
    Signed([](auto& f) -> auto& { return f.usage.cache_read; }),
    Signed([](auto& f) -> auto& { return f.usage.cache_write; }),
    Signed([](auto& f) -> auto& { return f.usage.reasoning; }),
    Number([](auto& f) -> auto& { return f.cache_rule; }),
    Number([](auto& f) -> auto& { return f.cost_source; }),
    Signed([](auto& f) -> auto& { return f.cost_nano_usd; }),
    Signed([](auto& f) -> auto& { return f.computed_nano_usd; }),
    Number([](auto& f) -> auto& { return f.failed; }),
    Number([](auto& f) -> auto& { return f.failure_rule; }),
    Number([](auto& f) -> auto& { return f.transport; }),
    StringColumn([](auto& f) -> auto& { return f.error_type; }),
    StringColumn([](auto& f) -> auto& { return f.error_signature; }),
    StringColumn([](auto& f) -> auto& { return f.error_quote.path; }),
    Number([](auto& f) -> auto& { return f.error_quote.offset; }),
    Number([](auto& f) -> auto& { return f.error_quote.length; }),
    Number([](auto& f) -> auto& { return f.arguments_hash; }),
    Number([](auto& f) -> auto& { return f.result_hash; }),
    StringColumn([](auto& f) -> auto& { return f.arguments_quote.path; }),
    Number([](auto& f) -> auto& { return f.arguments_quote.offset; }),
    Number([](auto& f) -> auto& { return f.arguments_quote.length; }),
    StringColumn([](auto& f) -> auto& { return f.result_quote.path; }),
    Number([](auto& f) -> auto& { return f.result_quote.offset; }),
    Number([](auto& f) -> auto& { return f.result_quote.length; }),
    Number([](auto& f) -> auto& { return f.result_bytes; }),
    Number([](auto& f) -> auto& { return f.finish; }),
    StringColumn([](auto& f) -> auto& { return f.finish_quote.path; }),
    Number([](auto& f) -> auto& { return f.finish_quote.offset; }),
    Number([](auto& f) -> auto& { return f.finish_quote.length; }),
    Number([](auto& f) -> auto& { return f.has_output; }),
    Number([](auto& f) -> auto& { return f.output_blank; }),
    Number([](auto& f) -> auto& { return f.tool_call_count; }),
    Number([](auto& f) -> auto& { return f.user_turns; }),
    Number([](auto& f) -> auto& { return f.calls_hash; }),
    StringColumn([](auto& f) -> auto& { return f.output_quote.path; }),
    Number([](auto& f) -> auto& { return f.output_quote.offset; }),
    Number([](auto& f) -> auto& { return f.output_quote.length; }),
    StringColumn([](auto& f) -> auto& { return f.invalid_call; }),
    StringColumn([](auto& f) -> auto& { return f.invalid_call_tool; }),
    StringColumn([](auto& f) -> auto& { return f.invalid_call_quote.path; }),
    Number([](auto& f) -> auto& { return f.invalid_call_quote.offset; }),
    Number([](auto& f) -> auto& { return f.invalid_call_quote.length; }),
    Number([](auto& f) -> auto& { return f.has_tool_definitions; }),
    StringColumn([](auto& f) -> auto& { return f.limit; }),
    StringColumn([](auto& f) -> auto& { return f.limit_quote.path; }),
    Number([](auto& f) -> auto& { return f.limit_quote.offset; }),
    Number([](auto& f) -> auto& { return f.limit_quote.length; }),
    Number([](auto& f) -> auto& { return f.outcome; }),
    Number([](auto& f) -> auto& { return f.outcome_rule; }),
    Number([](auto& f) -> auto& { return f.readings; }),
    Number([](auto& f) -> auto& { return f.result_words[0]; }),
    Number([](auto& f) -> auto& { return f.result_words[1]; }),
    StringColumn([](auto& f) -> auto& { return f.answer_words; }),
    Number([](auto& f) -> auto& { return f.sequence; }),
    Number([](auto& f) -> auto& { return f.redactions; }),
    StringColumn([](auto& f) -> auto& { return f.unread_keys; }),
    Number([](auto& f) -> auto& { return f.tool_named_by_span; }),
    StringColumn([](auto& f) -> auto& { return f.told_error; }),
    StringColumn([](auto& f) -> auto& { return f.told_error_tool; }),
    Of(
        Shape::kMessages, [](auto& f) -> auto& { return f.prompt; }),
    Of(
        Shape::kMessages, [](auto& f) -> auto& { return f.answer; }),
    Number([](auto& f) -> auto& { return f.prompt_cut; }),
    Number([](auto& f) -> auto& { return f.prompt_is_part; }),
    Number([](auto& f) -> auto& { return f.call_id; }),
    Number([](auto& f) -> auto& { return f.tools_hash; }),
    StringColumn([](auto& f) -> auto& { return f.planned_tools; }),
    StringColumn([](auto& f) -> auto& { return f.written_call; }),
    StringColumn([](auto& f) -> auto& { return f.telling_quote.path; }),
    Number([](auto& f) -> auto& { return f.telling_quote.offset; }),
    Number([](auto& f) -> auto& { return f.telling_quote.length; }),
};

// The columns of kWithoutMessages.
constexpr std::size_t kFirstColumns = [] {
  std::size_t count = 0;
  while (kColumns[count].shape != Shape::kMessages) ++count;
  return count;
}();

// Positions of payload.block, .offset and .length.
constexpr std::size_t kBlockColumn = 9, kOffsetColumn = 10, kLengthColumn = 11;

// A stored byte may hold any value, and code that reads an enum relies on its range.
template <class E>
bool Within(E value, E last) {
  return static_cast<std::uint8_t>(value) <= static_cast<std::uint8_t>(last);
}

bool InRange(const SpanFacts& f) {
  return Within(f.kind, Kind::kPrompt) && Within(f.status, StatusCode::kError) &&
         Within(f.cost_source, CostSource::kUnpriced) &&
         Within(f.failure_rule, FailureRule::kResultText) &&
         Within(f.transport, Transport::kConnection) && Within(f.finish, FinishClass::kOther) &&
         Within(f.outcome, Outcome::kFailure) && Within(f.outcome_rule, OutcomeRule::kLabel);
}

// Returns the bits in which any row differs from `first`, in the layout of SpanFacts. Most columns
// hold one value; this finds all of those in one pass.
SpanFacts Differences(std::span<const std::span<const SpanFacts>> groups, const SpanFacts& first) {
  static_assert(std::is_trivially_copyable_v<SpanFacts>);
  constexpr std::size_t kWords = sizeof(SpanFacts) / sizeof(std::uint64_t);
  static_assert(sizeof(SpanFacts) == kWords * sizeof(std::uint64_t));
  std::array<std::uint64_t, kWords> expected, row, different{};
  std::memcpy(expected.data(), &first, sizeof first);
  for (const std::span<const SpanFacts> group : groups) {
    for (const SpanFacts& facts : group) {
      std::memcpy(row.data(), &facts, sizeof facts);
      for (std::size_t i = 0; i < kWords; ++i) different[i] |= row[i] ^ expected[i];
    }
  }
  return std::bit_cast<SpanFacts>(different);
}

void GapsOf(std::span<std::uint64_t> offsets, std::span<const std::uint64_t> lengths) {
  for (std::size_t i = offsets.size(); i-- > 1;) {
    offsets[i] = static_cast<std::uint32_t>(offsets[i] - offsets[i - 1] - lengths[i - 1]);
  }
}

void OffsetsOf(std::span<std::uint64_t> gaps, std::span<const std::uint64_t> lengths) {
  for (std::size_t i = 1; i < gaps.size(); ++i) {
    gaps[i] = static_cast<std::uint32_t>(gaps[i] + gaps[i - 1] + lengths[i - 1]);
  }
}

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored facts do not decode: ") + what};
}

// The part before the columns: row count and dictionaries.
class Head {
 public:
  Result<void> Read(ByteReader& in, std::size_t size) {
    format_ = in.Byte();
    if (format_ != kFormat && format_ != kWithoutMessages) return Corrupt("not in a known format");
    rows_ = in.Varint();
    if (!in.ok() || rows_ > MaxItems(size)) return Corrupt("more spans than bytes");
    if (!ids_.Read(in) || !words_.Read(in)) return Corrupt("dictionary cut off");
    if (has_messages()) messages_ = in.Text();
    if (!in.ok()) return Corrupt("messages cut off");
    return {};
  }
  std::size_t rows() const { return rows_; }
  StoredDictionary& ids() { return ids_; }
  StoredDictionary& words() { return words_; }
  bool has_messages() const { return format_ == kFormat; }
  std::string_view messages() const { return messages_; }
  std::size_t columns() const { return has_messages() ? kColumns.size() : kFirstColumns; }

 private:
  std::uint8_t format_ = 0;
  std::size_t rows_ = 0;
  std::string_view messages_;
  StoredDictionary ids_, words_;
};

}  // namespace

// By row, so that the lists of one trace are numbered together.
void FactsEncoder::NumberMessages(std::span<const std::span<const SpanFacts>> groups,
                                  const StringPool& words) {
  for (std::vector<std::uint64_t>& list : lists_) list.clear();
  for (const std::span<const SpanFacts> group : groups) {
    messages_.StartGroup();
    for (const SpanFacts& facts : group) {
      lists_[0].push_back(messages_.NumberOf(facts.prompt, words, words_));
      lists_[1].push_back(messages_.NumberOf(facts.answer, words, words_));
    }
  }
}

std::string_view FactsEncoder::Encode(std::span<const std::span<const SpanFacts>> groups,
                                      const StringPool& words) {
  std::size_t rows = 0;
  SpanFacts first;
  for (const std::span<const SpanFacts> group : groups) {
    if (rows == 0 && !group.empty()) first = group.front();
    rows += group.size();
  }
  const SpanFacts differences = Differences(groups, first);
  NumberMessages(groups, words);
  const auto gather = [&](const Column& column, std::vector<std::uint64_t>& values) {
    values.resize(rows);
    std::uint64_t* at = values.data();
    for (const std::span<const SpanFacts> group : groups) {
      column.gather(group, at);
      at += group.size();
    }
  };
  const auto stored = [&](Shape shape, std::span<std::uint64_t> values) {
    switch (shape) {
      case Shape::kSigned:
      case Shape::kDuration:
        for (std::uint64_t& value : values) value = ZigZag(static_cast<std::int64_t>(value));
        break;
      case Shape::kId:
      case Shape::kWord: {
        DictionaryWriter& dictionary = shape == Shape::kId ? ids_ : words_;
        for (std::uint64_t& value : values) {
          value = dictionary.NumberOf(static_cast<StringId>(value), words);
        }
        break;
      }
      default:
        break;
    }
  };
  std::size_t list = 0;
  for (const Column& column : kColumns) {
    if (column.shape == Shape::kMessages) {
      columns_.Add(lists_[list++]);
      continue;
    }
    if (column.shape != Shape::kGap && !column.any(differences)) {
      std::uint64_t value = 0;
      column.gather({&first, 1}, &value);
      stored(column.shape, {&value, 1});
      columns_.AddConstant(rows == 0 ? 0 : value);
      continue;
    }
    gather(column, values_);
    if (column.shape == Shape::kGap) {
      gather(kColumns[kLengthColumn], lengths_);
      GapsOf(values_, lengths_);
    }
    stored(column.shape, values_);
    columns_.Add(values_);
  }

  out_.clear();
  out_.push_back(static_cast<char>(kFormat));
  PutVarint(out_, rows);
  ids_.Finish(out_);
  words_.Finish(out_);
  section_.clear();
  messages_.Finish(section_);
  PutVarint(out_, section_.size());
  out_ += section_;
  columns_.Finish(out_);
  PadToItems(rows, out_);
  return out_;
}

std::string EncodeFacts(std::span<const SpanFacts> spans, const StringPool& words) {
  return std::string(FactsEncoder().Encode({&spans, 1}, words));
}

namespace {

// Decodes `wanted_rows`, or all rows if it is null.
Result<void> Decode(std::string_view table, const RowRange* wanted_rows, std::int64_t payload_base,
                    StringPool& words, std::vector<SpanFacts>& out) {
  ByteReader in(table);
  Head head;
  if (const Result<void> read = head.Read(in, table.size()); !read) return read;
  const RowRange rows = wanted_rows == nullptr ? RowRange{0, head.rows()} : *wanted_rows;
  if (rows.first > head.rows() || rows.count > head.rows() - rows.first) {
    return Corrupt("rows that it does not have");
  }
  const std::size_t before = out.size();
  out.resize(before + rows.count);
  const std::span<SpanFacts> spans(out.data() + before, rows.count);
  const auto fail = [&](const char* what) {
    out.resize(before);
    return Corrupt(what);
  };
  ColumnReader columns(in);
  const RowRange up_to_last = {0, rows.first + rows.count};
  std::vector<std::uint64_t> values, gaps;
  std::array<std::vector<std::uint64_t>, 2> lists;
  std::size_t list = 0;
  for (std::size_t i = 0; i < head.columns(); ++i) {
    const Column& column = kColumns[i];
    // An offset is the sum of all gaps and lengths before it.
    if (column.shape == Shape::kGap) {
      if (!columns.Next(head.rows(), up_to_last, gaps)) return fail("column cut off");
      continue;
    }
    if (column.shape == Shape::kMessages) {
      if (!columns.Next(head.rows(), rows, lists[list++])) return fail("column cut off");
      continue;
    }
    const RowRange wanted = i == kLengthColumn ? up_to_last : rows;
    if (!columns.Next(head.rows(), wanted, values)) return fail("column cut off");
    if (i == kLengthColumn) {
      OffsetsOf(gaps, values);
      kColumns[kOffsetColumn].scatter(gaps.data() + rows.first, spans);
      column.scatter(values.data() + rows.first, spans);
      continue;
    }
    switch (column.shape) {
      case Shape::kSigned:
      case Shape::kDuration:
        for (std::uint64_t& value : values) value = static_cast<std::uint64_t>(UnZigZag(value));
        break;
      case Shape::kId:
      case Shape::kWord:
        if (!(column.shape == Shape::kId ? head.ids() : head.words()).Replace(values, words)) {
          return fail("word out of range");
        }
        break;
      default:
        break;
    }
    column.scatter(values.data(), spans);
  }
  if (head.has_messages()) {
    const std::array<std::span<std::uint64_t>, 2> numbers = {lists[0], lists[1]};
    const Result<void> messages = DecodeMessages(head.messages(), head.words(), numbers, words);
    if (!messages) {
      out.resize(before);
      return messages;
    }
    list = 0;
    for (const Column& column : kColumns) {
      if (column.shape == Shape::kMessages) column.scatter(lists[list++].data(), spans);
    }
  }
  for (SpanFacts& span : spans) {
    if (!InRange(span)) return fail("unknown kind or rule");
    span.payload.block = static_cast<std::int64_t>(static_cast<std::uint64_t>(span.payload.block) +
                                                   static_cast<std::uint64_t>(payload_base));
  }
  return {};
}

}  // namespace

Result<void> DecodeFacts(std::string_view table, std::int64_t payload_base, StringPool& words,
                         std::vector<SpanFacts>& out) {
  return Decode(table, nullptr, payload_base, words, out);
}

Result<void> DecodeFacts(std::string_view table, RowRange rows, std::int64_t payload_base,
                         StringPool& words, std::vector<SpanFacts>& out) {
  return Decode(table, &rows, payload_base, words, out);
}

Result<void> DecodePayloadRefs(std::string_view table, std::vector<PayloadRef>& out) {
  ByteReader in(table);
  Head head;
  if (const Result<void> read = head.Read(in, table.size()); !read) return read;
  ColumnReader columns(in);
  std::vector<std::uint64_t> blocks, offsets, lengths;
  for (std::size_t i = 0; i < kBlockColumn; ++i) {
    if (!columns.Next(head.rows(), {0, 0}, blocks)) return Corrupt("column cut off");
  }
  for (auto* column : {&blocks, &offsets, &lengths}) {
    if (!columns.Next(head.rows(), *column)) return Corrupt("column cut off");
  }
  OffsetsOf(offsets, lengths);
  for (std::size_t i = 0; i < head.rows(); ++i) {
    out.push_back({UnZigZag(blocks[i]), static_cast<std::uint32_t>(offsets[i]),
                   static_cast<std::uint32_t>(lengths[i])});
  }
  return {};
}

}  // namespace halo
