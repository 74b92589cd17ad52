// SPDX-License-Identifier: MIT
#include "engine/store/facts_codec.h"

#include <array>

#include "engine/store/column_codec.h"

namespace halo {
namespace {

constexpr std::uint8_t kFormat = 1;

enum class Shape : std::uint8_t { kNumber, kSigned, kWord };

// One field of SpanFacts as a column.
struct Column {
  Shape shape;
  void (*gather)(std::span<const SpanFacts> spans, std::uint64_t* values);
  void (*scatter)(const std::uint64_t* values, std::span<SpanFacts> spans);
};

// `Access` takes a SpanFacts and returns a reference to the field. Narrow fields are cut to their
// width when they are read, so that no stored number is out of a field's range.
template <class Access>
constexpr Column Of(Shape shape, Access) {
  return {shape,
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
constexpr Column AWord(Access access) {
  return Of(Shape::kWord, access);
}

// Stored in this order: append only. End times stand as durations, offsets of payloads as the gap
// to the payload before, see Shift and Unshift.
constexpr std::array kColumns = {
    AWord([](auto& f) -> auto& { return f.span_id; }),
    AWord([](auto& f) -> auto& { return f.parent_id; }),
    AWord([](auto& f) -> auto& { return f.name; }),
    AWord([](auto& f) -> auto& { return f.operation; }),
    Number([](auto& f) -> auto& { return f.kind; }),
    Number([](auto& f) -> auto& { return f.status; }),
    Number([](auto& f) -> auto& { return f.start_ns; }),
    Signed([](auto& f) -> auto& { return f.end_ns; }),
    Number([](auto& f) -> auto& { return f.content_hash; }),
    Signed([](auto& f) -> auto& { return f.payload.block; }),
    Number([](auto& f) -> auto& { return f.payload.offset; }),
    Number([](auto& f) -> auto& { return f.payload.length; }),
    Number([](auto& f) -> auto& { return f.payload_bytes; }),
    Number([](auto& f) -> auto& { return f.clipped; }),
    AWord([](auto& f) -> auto& { return f.service; }),
    AWord([](auto& f) -> auto& { return f.version; }),
    AWord([](auto& f) -> auto& { return f.environment; }),
    AWord([](auto& f) -> auto& { return f.session; }),
    AWord([](auto& f) -> auto& { return f.user; }),
    AWord([](auto& f) -> auto& { return f.task; }),
    AWord([](auto& f) -> auto& { return f.agent; }),
    AWord([](auto& f) -> auto& { return f.provider; }),
    AWord([](auto& f) -> auto& { return f.model; }),
    AWord([](auto& f) -> auto& { return f.tool; }),
    AWord([](auto& f) -> auto& { return f.scope_name; }),
    AWord([](auto& f) -> auto& { return f.convention; }),
    AWord([](auto& f) -> auto& { return f.tags; }),
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
    AWord([](auto& f) -> auto& { return f.error_type; }),
    AWord([](auto& f) -> auto& { return f.error_signature; }),
    AWord([](auto& f) -> auto& { return f.error_quote.path; }),
    Number([](auto& f) -> auto& { return f.error_quote.offset; }),
    Number([](auto& f) -> auto& { return f.error_quote.length; }),
    Number([](auto& f) -> auto& { return f.arguments_hash; }),
    Number([](auto& f) -> auto& { return f.result_hash; }),
    AWord([](auto& f) -> auto& { return f.arguments_quote.path; }),
    Number([](auto& f) -> auto& { return f.arguments_quote.offset; }),
    Number([](auto& f) -> auto& { return f.arguments_quote.length; }),
    AWord([](auto& f) -> auto& { return f.result_quote.path; }),
    Number([](auto& f) -> auto& { return f.result_quote.offset; }),
    Number([](auto& f) -> auto& { return f.result_quote.length; }),
    Number([](auto& f) -> auto& { return f.result_bytes; }),
    Number([](auto& f) -> auto& { return f.finish; }),
    AWord([](auto& f) -> auto& { return f.finish_quote.path; }),
    Number([](auto& f) -> auto& { return f.finish_quote.offset; }),
    Number([](auto& f) -> auto& { return f.finish_quote.length; }),
    Number([](auto& f) -> auto& { return f.has_output; }),
    Number([](auto& f) -> auto& { return f.output_blank; }),
    Number([](auto& f) -> auto& { return f.tool_call_count; }),
    Number([](auto& f) -> auto& { return f.user_turns; }),
    Number([](auto& f) -> auto& { return f.calls_hash; }),
    AWord([](auto& f) -> auto& { return f.output_quote.path; }),
    Number([](auto& f) -> auto& { return f.output_quote.offset; }),
    Number([](auto& f) -> auto& { return f.output_quote.length; }),
    AWord([](auto& f) -> auto& { return f.invalid_call; }),
    AWord([](auto& f) -> auto& { return f.invalid_call_tool; }),
    AWord([](auto& f) -> auto& { return f.invalid_call_quote.path; }),
    Number([](auto& f) -> auto& { return f.invalid_call_quote.offset; }),
    Number([](auto& f) -> auto& { return f.invalid_call_quote.length; }),
    Number([](auto& f) -> auto& { return f.has_tool_definitions; }),
    AWord([](auto& f) -> auto& { return f.limit; }),
    AWord([](auto& f) -> auto& { return f.limit_quote.path; }),
    Number([](auto& f) -> auto& { return f.limit_quote.offset; }),
    Number([](auto& f) -> auto& { return f.limit_quote.length; }),
    Number([](auto& f) -> auto& { return f.outcome; }),
    Number([](auto& f) -> auto& { return f.outcome_rule; }),
};

// Position of payload.block, which offset and length follow.
constexpr std::size_t kPayloadColumn = 9;

// Enums out of their range would be undefined later on; a stored byte may be anything.
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

// Times and offsets as what they differ by, in wrapping arithmetic: any value survives. An open
// span's end stays 0 less its start, which no other span shares but one that ended at the epoch.
void Shift(std::span<SpanFacts> spans) {
  std::uint32_t expected = 0;
  for (SpanFacts& f : spans) {
    f.end_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(f.end_ns) -
                                         static_cast<std::uint64_t>(f.start_ns));
    const std::uint32_t offset = f.payload.offset;
    f.payload.offset = offset - expected;
    expected = offset + f.payload.length;
  }
}

void Unshift(std::span<SpanFacts> spans) {
  std::uint32_t expected = 0;
  for (SpanFacts& f : spans) {
    f.end_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(f.end_ns) +
                                         static_cast<std::uint64_t>(f.start_ns));
    f.payload.offset += expected;
    expected = f.payload.offset + f.payload.length;
  }
}

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored facts do not decode: ") + what};
}

// What stands before the columns.
struct Head {
  std::size_t spans = 0;
  std::size_t words = 0;
};
Result<Head> TakeHead(ByteReader& in, std::size_t size) {
  if (in.Byte() != kFormat) return Corrupt("not in a known format");
  const std::uint64_t spans = in.Varint();
  const std::uint64_t words = in.Varint();
  if (!in.ok() || spans > MaxItems(size) || words > in.left()) {
    return Corrupt("more spans than bytes");
  }
  return Head{spans, words};
}

}  // namespace

std::string FactsEncoder::Encode(std::span<const SpanFacts> spans, const Words& words) {
  shifted_.assign(spans.begin(), spans.end());
  Shift(shifted_);
  values_.resize(spans.size());
  if (place_.size() < words.size()) place_.resize(words.size(), 0);
  used_.clear();

  dictionary_.clear();
  for (const Column& column : kColumns) {
    column.gather(shifted_, values_.data());
    if (column.shape == Shape::kSigned) {
      for (std::uint64_t& value : values_) value = ZigZag(static_cast<std::int64_t>(value));
    } else if (column.shape == Shape::kWord) {
      for (std::uint64_t& value : values_) {
        if (value == 0) continue;
        std::uint32_t& at = place_[value];
        if (at == 0) {
          used_.push_back(static_cast<Word>(value));
          at = static_cast<std::uint32_t>(used_.size());
          PutText(dictionary_, words[static_cast<Word>(value)]);
        }
        value = at;
      }
    }
    columns_.Add(values_);
  }
  for (const Word word : used_) place_[word] = 0;

  std::string out;
  out.reserve(dictionary_.size() + columns_.size() + 32);
  out.push_back(static_cast<char>(kFormat));
  PutVarint(out, spans.size());
  PutVarint(out, used_.size());
  out.append(dictionary_);
  columns_.Finish(out);
  while (MaxItems(out.size()) < spans.size()) out.push_back('\0');
  return out;
}

std::string EncodeFacts(std::span<const SpanFacts> spans, const Words& words) {
  return FactsEncoder().Encode(spans, words);
}

Result<void> DecodeFacts(std::string_view bytes, std::int64_t payload_base, Words& words,
                         std::vector<SpanFacts>& out) {
  ByteReader in(bytes);
  const Result<Head> head = TakeHead(in, bytes.size());
  if (!head) return head.error();
  const auto [count, dictionary_size] = *head;
  std::vector<Word> word_of(dictionary_size + 1, 0);
  std::string scratch;
  for (std::size_t i = 1; i <= dictionary_size; ++i) {
    const std::string_view text = TakeText(in, scratch);
    if (!in.ok()) return Corrupt("dictionary cut off");
    word_of[i] = words.Intern(text);
  }

  const std::size_t first = out.size();
  out.resize(first + count);
  const std::span<SpanFacts> spans(out.data() + first, count);
  const auto fail = [&](const char* what) {
    out.resize(first);
    return Corrupt(what);
  };
  ColumnReader columns(in);
  std::vector<std::uint64_t> values;
  for (const Column& column : kColumns) {
    if (!columns.Next(count, values)) return fail("column cut off");
    if (column.shape == Shape::kSigned) {
      for (std::uint64_t& value : values) value = static_cast<std::uint64_t>(UnZigZag(value));
    } else if (column.shape == Shape::kWord) {
      for (std::uint64_t& value : values) {
        if (value > dictionary_size) return fail("word out of range");
        value = word_of[value];
      }
    }
    column.scatter(values.data(), spans);
  }
  Unshift(spans);
  for (SpanFacts& span : spans) {
    if (!InRange(span)) return fail("unknown kind or rule");
    span.payload.block = static_cast<std::int64_t>(static_cast<std::uint64_t>(span.payload.block) +
                                                   static_cast<std::uint64_t>(payload_base));
  }
  return {};
}

Result<void> DecodePayloadRefs(std::string_view bytes, std::int64_t payload_base,
                               std::vector<PayloadRef>& out) {
  ByteReader in(bytes);
  const Result<Head> head = TakeHead(in, bytes.size());
  if (!head) return head.error();
  std::string scratch;
  for (std::size_t i = 0; i < head->words; ++i) TakeText(in, scratch);
  ColumnReader columns(in);
  std::vector<std::uint64_t> blocks, offsets, lengths;
  for (std::size_t i = 0; i <= kPayloadColumn; ++i) {
    if (!columns.Next(head->spans, blocks)) return Corrupt("column cut off");
  }
  if (!columns.Next(head->spans, offsets) || !columns.Next(head->spans, lengths)) {
    return Corrupt("column cut off");
  }
  std::uint32_t expected = 0;
  for (std::size_t i = 0; i < head->spans; ++i) {
    PayloadRef& ref = out.emplace_back();
    ref.block = static_cast<std::int64_t>(static_cast<std::uint64_t>(UnZigZag(blocks[i])) +
                                          static_cast<std::uint64_t>(payload_base));
    ref.offset = expected + static_cast<std::uint32_t>(offsets[i]);
    ref.length = static_cast<std::uint32_t>(lengths[i]);
    expected = ref.offset + ref.length;
  }
  return {};
}

}  // namespace halo
