// SPDX-License-Identifier: MIT
#include "engine/summaries/summary_codec.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include "engine/codec/block_codec.h"
#include "engine/codec/column_codec.h"
#include "engine/codec/packed_text.h"
#include "engine/codec/span_codec.h"
#include "engine/summaries/summary_column_list.h"

namespace halo {
namespace {

// Written; of format 1, whose first section holds the timings of operations too, all is read.
constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kJoinedFormat = 1;

// Both in one, as format 1 has them.
constexpr std::tuple kJoinedOperationColumns = {
    Number([](auto& c) -> auto& { return c.operations.kind; }),
    StringColumn([](auto& c) -> auto& { return c.operations.agent; }),
    StringColumn([](auto& c) -> auto& { return c.operations.name; }),
    StringColumn([](auto& c) -> auto& { return c.operations.model; }),
    Signed([](auto& c) -> auto& { return c.operations.count; }),
    Signed([](auto& c) -> auto& { return c.operations.errors; }),
    Signed([](auto& c) -> auto& { return c.operations.unpriced; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.input; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.output; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.cache_read; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.cache_write; }),
    Signed([](auto& c) -> auto& { return c.operations.usage.reasoning; }),
    Signed([](auto& c) -> auto& { return c.operations.nano_usd; }),
    Signed([](auto& c) -> auto& { return c.operations.duration_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.max_ns; }),
    Signed([](auto& c) -> auto& { return c.operations.critical_ns; }),
};

// Words by their first use in a block.
class Dictionary {
 public:
  Dictionary(const StringPool& words, const StringPool& ids) : words_(words), ids_(ids) {}

  std::uint64_t AtWord(StringId word) { return At(words_, word); }
  std::uint64_t AtId(StringId id) { return At(ids_, id); }

  void Finish(std::string& out) const {
    PutVarint(out, size_);
    out.append(bytes_);
  }

 private:
  struct Source {
    explicit Source(const StringPool& texts) : words(texts), place(texts.size(), 0) {}
    const StringPool& words;
    std::vector<std::uint32_t> place;
  };

  std::uint64_t At(Source& source, StringId word) {
    if (word == 0) return 0;
    std::uint32_t& at = source.place[word];
    if (at == 0) {
      at = ++size_;
      PutText(bytes_, source.words[word]);
    }
    return at;
  }

  Source words_, ids_;
  std::uint32_t size_ = 0;
  std::string bytes_;
};

class SectionWriter {
 public:
  SectionWriter(const StringPool& words, const StringPool& ids) : dictionary_(words, ids) {}

  template <ColumnShape kShape, class T>
  void Add(std::span<const T> items) {
    values_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if constexpr (kShape == ColumnShape::kWord) {
        values_[i] = dictionary_.AtWord(items[i]);
      } else if constexpr (kShape == ColumnShape::kId) {
        values_[i] = dictionary_.AtId(items[i]);
      } else if constexpr (kShape == ColumnShape::kSigned) {
        values_[i] = ZigZag(items[i]);
      } else {
        values_[i] = static_cast<std::uint64_t>(items[i]);
      }
    }
    columns_.Add(values_);
  }

  template <class List>
  void AddAll(const List& list, const SummaryColumns& columns) {
    ForEach(list, [&](auto column) {
      const auto& items = column.Of(columns);
      Add<decltype(column)::shape>(std::span(std::as_const(items)));
    });
  }

  void AddEnds(const std::vector<std::uint32_t>& ends) {
    values_.resize(ends.size());
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      values_[i] = ends[i] - before;
      before = ends[i];
    }
    columns_.Add(values_);
  }

  // `sizes`: how many entries each kind of column has, for the reader.
  std::string Finish(std::initializer_list<std::size_t> sizes, std::string_view texts) {
    std::string out;
    std::size_t items = 0;
    for (const std::size_t size : sizes) {
      PutVarint(out, size);
      items = std::max(items, size);
    }
    dictionary_.Finish(out);
    out.append(texts);
    columns_.Finish(out);
    while (MaxItems(out.size()) < items) out.push_back('\0');
    return out;
  }

 private:
  Dictionary dictionary_;
  ColumnWriter columns_;
  std::vector<std::uint64_t> values_;
};

std::string EncodeSummarySection(const SummaryColumns& c) {
  SectionWriter section(c.words, c.ids);
  section.AddAll(kTraceColumns, c);
  ForEach(kWordLists, [&](auto column) {
    const ListColumn<StringId>& list = column.Of(c);
    section.AddEnds(list.ends);
    section.Add<ColumnShape::kWord>(std::span(list.items));
  });
  section.AddEnds(c.operation_end);
  section.AddEnds(c.finding_end);
  section.AddAll(kOperationColumns, c);
  section.AddAll(kFindingColumns, c);
  section.AddAll(kReadingColumns, c);
  std::string ids;
  for (std::size_t i = 0; i < c.size(); ++i) PutText(ids, TextAt(c.trace_id, i));
  return section.Finish(
      {c.size(), c.agents.items.size(), c.models.items.size(), c.tools.items.size(),
       c.tags.items.size(), c.operations.size(), c.findings.size()},
      ids);
}

std::string EncodeTimingSection(const SummaryColumns& c) {
  const StringPool none;
  SectionWriter section(none, none);
  section.AddAll(kTimingColumns, c);
  section.AddEnds(c.operations.buckets.ends);
  section.Add<ColumnShape::kSigned>(std::span(c.operations.buckets.items));
  section.Add<ColumnShape::kSigned>(std::span(c.operations.bucket_counts));
  return section.Finish({c.operations.size(), c.operations.buckets.items.size()}, {});
}

std::string EncodeEvidenceSection(const SummaryColumns& c) {
  const StringPool none;
  SectionWriter section(c.evidence.words, none);
  section.AddEnds(c.evidence.span_ids.ends);
  section.Add<ColumnShape::kWord>(std::span(c.evidence.span_ids.items));
  section.AddEnds(c.evidence.quote_span.ends);
  section.AddAll(kEvidenceColumns, c);
  return section.Finish(
      {c.findings.size(), c.evidence.span_ids.items.size(), c.evidence.quote_span.items.size()},
      {});
}

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored summaries do not decode: ") + what};
}

// Reads one section into the columns of the words' owner, after what they already hold.
class SectionReader {
 public:
  SectionReader(std::string_view bytes, StringPool& words, StringPool& ids)
      : bytes_(bytes), in_(bytes), words_{words, {}}, ids_{ids, {}} {}

  std::size_t Size() {
    const std::uint64_t size = in_.Varint();
    ok_ = ok_ && in_.ok() && size <= MaxItems(bytes_.size());
    return ok_ ? size : 0;
  }

  void Dictionary() {
    const std::uint64_t size = in_.Varint();
    ok_ = ok_ && in_.ok() && size <= in_.left();
    if (!ok_) return;
    texts_.reserve(size + 1);
    texts_.emplace_back();
    for (std::size_t i = 1; i <= size && in_.ok(); ++i) texts_.push_back(TakePackedText(in_));
    words_.known.assign(size + 1, 0);
    ids_.known.assign(size + 1, 0);
    ok_ = in_.ok();
  }

  void Texts(std::size_t count, TextColumn& texts) {
    for (std::size_t i = 0; i < count && ok_; ++i) {
      const PackedText text = TakePackedText(in_);
      ok_ = in_.ok();
      const std::size_t at = texts.items.size();
      texts.items.resize(at + text.size());
      text.Unpack(texts.items.data() + at);
      texts.Close();
    }
  }

  void Columns() { columns_.emplace(in_); }

  template <ColumnShape kShape, class T>
  void Read(std::size_t count, std::vector<T>& items) {
    const std::size_t first = items.size();
    items.resize(first + count);
    ok_ = ok_ && columns_->Next(count, values_);
    if (!ok_) return;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t value = values_[i];
      if constexpr (kShape == ColumnShape::kWord || kShape == ColumnShape::kId) {
        if (value >= texts_.size()) {
          ok_ = false;
          return;
        }
        items[first + i] = WordOf(kShape == ColumnShape::kWord ? words_ : ids_, value);
      } else if constexpr (kShape == ColumnShape::kSigned) {
        items[first + i] = static_cast<T>(UnZigZag(value));
      } else {
        items[first + i] = static_cast<T>(value);
      }
    }
  }

  template <class List>
  void ReadAll(const List& list, std::size_t count, SummaryColumns& columns) {
    ForEach(list, [&](auto column) { Read<decltype(column)::shape>(count, column.Of(columns)); });
  }

  // Counts that must sum up to `total`, after `base` items of earlier rows.
  void ReadEnds(std::size_t count, std::size_t base, std::size_t total,
                std::vector<std::uint32_t>& ends) {
    ok_ = ok_ && columns_->Next(count, values_) && base + total <= UINT32_MAX;
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < count && ok_; ++i) {
      ok_ = values_[i] <= total - end;
      end += values_[i];
      ends.push_back(static_cast<std::uint32_t>(base + end));
    }
    ok_ = ok_ && end == total;
  }

  void ReadBuckets(std::size_t operations, std::size_t buckets, SummaryColumns& c) {
    ReadEnds(operations, c.operations.buckets.items.size(), buckets, c.operations.buckets.ends);
    Read<ColumnShape::kSigned>(buckets, c.operations.buckets.items);
    Read<ColumnShape::kSigned>(buckets, c.operations.bucket_counts);
  }

  bool ok() const { return ok_; }
  void Require(bool condition) { ok_ = ok_ && condition; }

 private:
  struct Target {
    StringPool& words;
    std::vector<StringId> known;  // by place in the dictionary; 0: not interned yet
  };

  StringId WordOf(Target& target, std::uint64_t place) {
    StringId& word = target.known[place];
    if (word == 0 && place != 0) {
      scratch_.resize(texts_[place].size());
      texts_[place].Unpack(scratch_.data());
      word = target.words.Intern(scratch_);
    }
    return word;
  }

  std::string_view bytes_;
  ByteReader in_;
  Target words_, ids_;
  std::vector<PackedText> texts_;
  std::optional<ColumnReader> columns_;
  std::vector<std::uint64_t> values_;
  std::string scratch_;
  bool ok_ = true;
};

template <class T>
bool AllAtMost(const std::vector<T>& items, std::size_t from, std::size_t last) {
  return std::all_of(items.begin() + static_cast<std::ptrdiff_t>(from), items.end(),
                     [&](T item) { return item <= last; });
}

// With `joined` the timings of operations stand in this section, as in format 1.
bool DecodeSummarySection(std::string_view bytes, bool joined, SummaryColumns& c) {
  const std::size_t first = c.size();
  const std::size_t first_operation = c.operations.size();
  SectionReader section(bytes, c.words, c.ids);
  const std::size_t rows = section.Size();
  std::array<std::size_t, std::tuple_size_v<decltype(kWordLists)>> list_sizes;
  for (std::size_t& size : list_sizes) size = section.Size();
  const std::size_t operations = section.Size();
  const std::size_t buckets = joined ? section.Size() : 0;
  const std::size_t findings = section.Size();
  section.Dictionary();
  section.Texts(rows, c.trace_id);
  if (!section.ok()) return false;
  section.Columns();
  section.ReadAll(kTraceColumns, rows, c);
  std::size_t which = 0;
  ForEach(kWordLists, [&](auto column) {
    ListColumn<StringId>& list = column.Of(c);
    const std::size_t size = list_sizes[which++];
    section.ReadEnds(rows, list.items.size(), size, list.ends);
    section.template Read<ColumnShape::kWord>(size, list.items);
  });
  section.ReadEnds(rows, c.operations.size(), operations, c.operation_end);
  section.ReadEnds(rows, c.findings.size(), findings, c.finding_end);
  if (joined) {
    section.ReadAll(kJoinedOperationColumns, operations, c);
    section.ReadBuckets(operations, buckets, c);
  } else {
    section.ReadAll(kOperationColumns, operations, c);
  }
  section.ReadAll(kFindingColumns, findings, c);
  section.ReadAll(kReadingColumns, rows, c);
  return section.ok() && AllAtMost(c.outcome, first, static_cast<int>(Outcome::kFailure)) &&
         AllAtMost(c.outcome_rule, first, static_cast<int>(OutcomeRule::kLabel)) &&
         AllAtMost(c.operations.kind, first_operation, static_cast<int>(Kind::kPrompt));
}

bool DecodeTimingSection(std::string_view bytes, std::size_t operations, SummaryColumns& c) {
  StringPool none;
  SectionReader section(bytes, none, none);
  section.Require(section.Size() == operations);
  const std::size_t buckets = section.Size();
  section.Dictionary();
  if (!section.ok()) return false;
  section.Columns();
  section.ReadAll(kTimingColumns, operations, c);
  section.ReadBuckets(operations, buckets, c);
  return section.ok();
}

bool DecodeEvidenceSection(std::string_view bytes, std::size_t findings, SummaryColumns& c) {
  EvidenceColumns& evidence = c.evidence;
  StringPool none;
  SectionReader section(bytes, evidence.words, none);
  section.Require(section.Size() == findings);
  const std::size_t ids = section.Size();
  const std::size_t quotes = section.Size();
  const std::size_t first_quote = evidence.quote_span.items.size();
  section.Dictionary();
  if (!section.ok()) return false;
  section.Columns();
  section.ReadEnds(findings, evidence.span_ids.items.size(), ids, evidence.span_ids.ends);
  section.Read<ColumnShape::kWord>(ids, evidence.span_ids.items);
  section.ReadEnds(findings, first_quote, quotes, evidence.quote_span.ends);
  section.ReadAll(kEvidenceColumns, quotes, c);
  return section.ok() &&
         AllAtMost(evidence.role, first_quote, static_cast<std::size_t>(kLastEvidenceRole));
}

// Timings that came along in a block of format 1.
void DropTimings(SummaryColumns& c) {
  ForEach(kTimingColumns, [&](auto column) { column.Of(c).clear(); });
  c.operations.buckets = {};
  c.operations.bucket_counts.clear();
}

void Truncate(std::size_t rows, SummaryColumns& c) {
  const auto cut = [](auto& items, std::size_t size) {
    if (items.size() > size) items.resize(size);
  };
  const auto cut_list = [&](auto& list, std::size_t size) {
    cut(list.ends, size);
    cut(list.items, size == 0 ? 0 : list.ends[size - 1]);
  };
  cut_list(c.trace_id, rows);
  ForEach(kTraceColumns, [&](auto column) { cut(column.Of(c), rows); });
  ForEach(kReadingColumns, [&](auto column) { cut(column.Of(c), rows); });
  ForEach(kWordLists, [&](auto column) { cut_list(column.Of(c), rows); });
  cut(c.operation_end, rows);
  cut(c.finding_end, rows);
  const std::size_t operations = rows == 0 ? 0 : c.operation_end.back();
  const std::size_t findings = rows == 0 ? 0 : c.finding_end.back();
  ForEach(kOperationColumns, [&](auto column) { cut(column.Of(c), operations); });
  ForEach(kTimingColumns, [&](auto column) { cut(column.Of(c), operations); });
  cut_list(c.operations.buckets, std::min(operations, c.operations.buckets.ends.size()));
  cut(c.operations.bucket_counts, c.operations.buckets.items.size());
  ForEach(kFindingColumns, [&](auto column) { cut(column.Of(c), findings); });
  cut_list(c.evidence.span_ids, std::min(findings, c.evidence.span_ids.ends.size()));
  cut_list(c.evidence.quote_span, std::min(findings, c.evidence.quote_span.ends.size()));
  ForEach(kEvidenceColumns,
          [&](auto column) { cut(column.Of(c), c.evidence.quote_span.items.size()); });
}

}  // namespace

std::string EncodeColumns(const SummaryColumns& columns, bool compress) {
  std::array<std::string, 3> sections = {
      EncodeSummarySection(columns), EncodeTimingSection(columns), EncodeEvidenceSection(columns)};
  std::string out;
  out.push_back(static_cast<char>(kFormat));
  out.push_back(static_cast<char>(compress));
  for (std::string& section : sections) {
    if (compress) section = CompressBlock(section);
    PutVarint(out, section.size());
    out.append(section);
  }
  return out;
}

Result<ColumnBlock> UnpackColumns(std::string_view bytes, Detail detail) {
  ByteReader in(bytes);
  const std::uint8_t format = in.Byte();
  if (format != kFormat && format != kJoinedFormat) return Corrupt("not in a known format");
  ColumnBlock block;
  block.detail = detail;
  block.joined = format == kJoinedFormat;
  const bool compressed = in.Byte() != 0;
  const std::string_view summaries = in.Text();
  const std::string_view timings = block.joined ? std::string_view() : in.Text();
  const std::string_view evidence = block.joined ? in.Take(in.left()) : in.Text();
  if (!in.ok()) return Corrupt("cut off");

  std::optional<Error> failure;
  const auto unpack = [&](std::string_view stored, std::string& section) {
    Result<std::string> plain =
        compressed ? DecompressBlock(stored) : Result<std::string>(std::string(stored));
    if (plain) {
      section = std::move(*plain);
    } else {
      failure = plain.error();
    }
  };
  unpack(summaries, block.summaries);
  if (!block.joined && detail != Detail::kCore) unpack(timings, block.timings);
  if (detail == Detail::kAll) unpack(evidence, block.evidence);
  if (failure) return *std::move(failure);
  return block;
}

Result<void> AppendColumns(const ColumnBlock& block, SummaryColumns& columns) {
  const std::size_t rows = columns.size();
  const std::size_t operations = columns.operations.size();
  const std::size_t findings = columns.findings.size();
  bool ok = DecodeSummarySection(block.summaries, block.joined, columns);
  if (block.joined) {
    if (block.detail == Detail::kCore) DropTimings(columns);
  } else if (block.detail != Detail::kCore) {
    ok = ok && DecodeTimingSection(block.timings, columns.operations.size() - operations, columns);
  }
  if (block.detail == Detail::kAll) {
    ok = ok && DecodeEvidenceSection(block.evidence, columns.findings.size() - findings, columns);
  }
  if (ok) return {};
  Truncate(rows, columns);
  return Corrupt("columns do not fit");
}

Result<void> DecodeColumns(std::string_view bytes, Detail detail, SummaryColumns& columns) {
  const Result<ColumnBlock> block = UnpackColumns(bytes, detail);
  return block ? AppendColumns(*block, columns) : Result<void>(block.error());
}

}  // namespace halo
