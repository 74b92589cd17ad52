// SPDX-License-Identifier: MIT
#include "engine/summaries/summary_codec.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <tuple>

#include "engine/codec/block_codec.h"
#include "engine/codec/column_codec.h"
#include "engine/codec/packed_text.h"
#include "engine/codec/text_dictionary.h"
#include "engine/summaries/summary_column_list.h"

namespace halo {
namespace {

constexpr std::uint8_t kFormat = 1;

// Writes one section: sizes, dictionaries, texts, columns.
class SectionWriter {
 public:
  SectionWriter(const StringPool& words, const StringPool& ids)
      : words_{words, {}}, ids_{ids, {}} {}

  template <ColumnShape kShape, class T>
  void Add(const std::vector<T>& items) {
    values_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if constexpr (kShape == ColumnShape::kWord) {
        values_[i] = words_.NumberOf(items[i]);
      } else if constexpr (kShape == ColumnShape::kId) {
        values_[i] = ids_.NumberOf(items[i]);
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
    ForEach(list, [&](auto column) { Add<decltype(column)::shape>(column.Of(columns)); });
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

  // `sizes`: the number of entries of each kind of column, which the reader needs.
  std::string Finish(std::initializer_list<std::size_t> sizes, std::string_view texts) {
    std::string out;
    for (const std::size_t size : sizes) PutVarint(out, size);
    words_.writer.Finish(out);
    ids_.writer.Finish(out);
    out.append(texts);
    columns_.Finish(out);
    PadToItems(std::max(sizes), out);
    return out;
  }

 private:
  struct Dictionary {
    const StringPool& texts;
    DictionaryWriter writer;
    std::uint64_t NumberOf(StringId id) { return writer.NumberOf(id, texts); }
  };

  Dictionary words_, ids_;
  ColumnWriter columns_;
  std::vector<std::uint64_t> values_;
};

std::string EncodeSummarySection(const SummaryColumns& c) {
  SectionWriter section(c.words, c.ids);
  section.AddAll(kTraceColumns, c);
  ForEach(kWordLists, [&](auto column) {
    const ListColumn<StringId>& list = column.Of(c);
    section.AddEnds(list.ends);
    section.Add<ColumnShape::kWord>(list.items);
  });
  section.AddEnds(c.operation_end);
  section.AddEnds(c.finding_end);
  section.AddAll(kOperationColumns, c);
  section.AddAll(kFindingColumns, c);
  ForEach(kCountArrays, [&](auto array) {
    ForEachOf(array, [&](auto column) { section.Add<ColumnShape::kSigned>(column.Of(c)); });
  });
  ForEach(kWordCounts, [&](auto column) {
    const WordCountColumn& counted = column.Of(c);
    section.AddEnds(counted.words.ends);
    section.Add<ColumnShape::kWord>(counted.words.items);
    section.Add<ColumnShape::kSigned>(counted.counts);
  });
  section.AddEnds(c.findings.lies_in.ends);
  section.Add<ColumnShape::kNumber>(c.findings.lies_in.items);
  section.AddAll(kConditionColumns, c);
  section.AddEnds(c.measure_end);
  section.AddAll(kMeasureColumns, c);
  std::string ids;
  for (std::size_t i = 0; i < c.size(); ++i) PutText(ids, TextAt(c.trace_id, i));
  return section.Finish(
      {c.size(), c.agents.items.size(), c.models.items.size(), c.tools.items.size(),
       c.tags.items.size(), c.operations.size(), c.findings.size(), c.cache_rules.size(),
       c.readings.size(), c.health.size(), c.dialects.words.items.size(),
       c.unread_keys.words.items.size(), c.calls.words.items.size(),
       c.findings.lies_in.items.size(), c.measures.size()},
      ids);
}

std::string EncodeTimingSection(const SummaryColumns& c) {
  SectionWriter section(c.words, c.ids);
  section.AddAll(kTimingColumns, c);
  section.AddEnds(c.operations.buckets.ends);
  section.Add<ColumnShape::kSigned>(c.operations.buckets.items);
  section.Add<ColumnShape::kSigned>(c.operations.bucket_counts);
  section.AddEnds(c.behaviours.ends);
  section.Add<ColumnShape::kWord>(c.behaviours.items);
  section.AddEnds(c.slow_spots.ends);
  section.AddAll(kSlowSpotColumns, c);
  return section.Finish({c.operations.size(), c.operations.buckets.items.size(), c.size(),
                         c.behaviours.items.size(), c.slow_spots.size()},
                        {});
}

std::string EncodeEvidenceSection(const SummaryColumns& c) {
  const StringPool none;
  SectionWriter section(c.evidence.words, none);
  section.AddEnds(c.evidence.span_ids.ends);
  section.Add<ColumnShape::kWord>(c.evidence.span_ids.items);
  section.AddEnds(c.evidence.quote_span.ends);
  section.AddAll(kEvidenceColumns, c);
  return section.Finish(
      {c.findings.size(), c.evidence.span_ids.items.size(), c.evidence.quote_span.items.size()},
      {});
}

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored summaries do not decode: ") + what};
}

// Reads one section. Appends to columns and interns strings into `words` and `ids`.
class SectionReader {
 public:
  SectionReader(std::string_view bytes, StringPool& words, StringPool& ids)
      : bytes_(bytes), in_(bytes), words_{words, {}}, ids_{ids, {}} {}

  std::size_t Size() {
    const std::uint64_t size = in_.Varint();
    ok_ = ok_ && in_.ok() && size <= MaxItems(bytes_.size());
    return ok_ ? size : 0;
  }

  void Dictionaries() { ok_ = ok_ && words_.stored.Read(in_) && ids_.stored.Read(in_); }

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
    if (kShape == ColumnShape::kWord) ok_ = ok_ && words_.Replace(values_);
    if (kShape == ColumnShape::kId) ok_ = ok_ && ids_.Replace(values_);
    if (!ok_) return;
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (kShape == ColumnShape::kSigned) {
        items[first + i] = static_cast<T>(UnZigZag(values_[i]));
      } else {
        items[first + i] = static_cast<T>(values_[i]);
      }
    }
  }

  template <class List>
  void ReadAll(const List& list, std::size_t count, SummaryColumns& columns) {
    ForEach(list, [&](auto column) { Read<decltype(column)::shape>(count, column.Of(columns)); });
  }

  // Reads an array of `stored` columns. Columns that were not stored are zero, unknown ones are
  // skipped.
  template <class Array>
  void ReadArray(const Array& array, std::size_t stored, std::size_t count,
                 SummaryColumns& columns) {
    ForEachOf(array, [&](auto column) {
      std::vector<std::int32_t>& items = column.Of(columns);
      if (column.index < stored) {
        Read<ColumnShape::kSigned>(count, items);
      } else {
        items.resize(items.size() + count);
      }
    });
    for (std::size_t i = Array::size; i < stored && ok_; ++i) {
      ok_ = columns_->Next(count, {0, 0}, values_);
    }
  }

  // Reads counts that must sum up to `total`. `base`: the number of items in earlier rows.
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

  bool ok() const { return ok_; }
  void Require(bool condition) { ok_ = ok_ && condition; }

 private:
  struct Dictionary {
    StringPool& texts;
    StoredDictionary stored;
    bool Replace(std::vector<std::uint64_t>& numbers) { return stored.Replace(numbers, texts); }
  };

  std::string_view bytes_;
  ByteReader in_;
  Dictionary words_, ids_;
  std::optional<ColumnReader> columns_;
  std::vector<std::uint64_t> values_;
  bool ok_ = true;
};

template <class T>
bool AllAtMost(const std::vector<T>& items, std::size_t from, std::size_t last) {
  return std::all_of(items.begin() + static_cast<std::ptrdiff_t>(from), items.end(),
                     [&](T item) { return item <= last; });
}

bool DecodeSummarySection(std::string_view bytes, SummaryColumns& c) {
  const std::size_t first = c.size();
  const std::size_t first_operation = c.operations.size();
  SectionReader section(bytes, c.words, c.ids);
  const std::size_t rows = section.Size();
  std::array<std::size_t, std::tuple_size_v<decltype(kWordLists)>> list_sizes;
  for (std::size_t& size : list_sizes) size = section.Size();
  const std::size_t operations = section.Size();
  const std::size_t findings = section.Size();
  std::array<std::size_t, std::tuple_size_v<decltype(kCountArrays)>> array_sizes;
  for (std::size_t& size : array_sizes) size = section.Size();
  std::array<std::size_t, std::tuple_size_v<decltype(kWordCounts)>> counted_sizes;
  for (std::size_t& size : counted_sizes) size = section.Size();
  const std::size_t mates = section.Size();
  const std::size_t measures = section.Size();
  section.Dictionaries();
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
  section.ReadAll(kOperationColumns, operations, c);
  section.ReadAll(kFindingColumns, findings, c);
  which = 0;
  ForEach(kCountArrays,
          [&](auto array) { section.ReadArray(array, array_sizes[which++], rows, c); });
  which = 0;
  ForEach(kWordCounts, [&](auto column) {
    WordCountColumn& counted = column.Of(c);
    const std::size_t size = counted_sizes[which++];
    section.ReadEnds(rows, counted.words.items.size(), size, counted.words.ends);
    section.template Read<ColumnShape::kWord>(size, counted.words.items);
    section.template Read<ColumnShape::kSigned>(size, counted.counts);
  });
  FindingColumns& f = c.findings;
  section.ReadEnds(findings, f.lies_in.items.size(), mates, f.lies_in.ends);
  section.Read<ColumnShape::kNumber>(mates, f.lies_in.items);
  section.ReadAll(kConditionColumns, findings, c);
  section.ReadEnds(rows, c.measures.size(), measures, c.measure_end);
  section.ReadAll(kMeasureColumns, measures, c);
  return section.ok() &&
         AllAtMost(f.condition, f.size() - findings, static_cast<int>(kLastCondition)) &&
         AllAtMost(f.signature_kind, f.size() - findings,
                   static_cast<int>(SignatureKind::kArguments)) &&
         AllAtMost(f.opportunity, f.size() - findings, static_cast<int>(Opportunity::kAgent)) &&
         AllAtMost(f.confidence, f.size() - findings, static_cast<int>(Confidence::kCandidate)) &&
         AllAtMost(c.outcome, first, static_cast<int>(Outcome::kFailure)) &&
         AllAtMost(c.outcome_rule, first, static_cast<int>(OutcomeRule::kLabel)) &&
         AllAtMost(c.operations.kind, first_operation, static_cast<int>(Kind::kPrompt));
}

bool DecodeTimingSection(std::string_view bytes, std::size_t rows, std::size_t operations,
                         SummaryColumns& c) {
  SectionReader section(bytes, c.words, c.ids);
  section.Require(section.Size() == operations);
  const std::size_t buckets = section.Size();
  section.Require(section.Size() == rows);
  const std::size_t behaviours = section.Size();
  const std::size_t spots = section.Size();
  const std::size_t first_spot = c.slow_spots.size();
  const std::size_t first_operation = c.operations.role.size();
  section.Dictionaries();
  if (!section.ok()) return false;
  section.Columns();
  section.ReadAll(kTimingColumns, operations, c);
  section.ReadEnds(operations, c.operations.buckets.items.size(), buckets,
                   c.operations.buckets.ends);
  section.Read<ColumnShape::kSigned>(buckets, c.operations.buckets.items);
  section.Read<ColumnShape::kSigned>(buckets, c.operations.bucket_counts);
  section.ReadEnds(rows, c.behaviours.items.size(), behaviours, c.behaviours.ends);
  section.Read<ColumnShape::kWord>(behaviours, c.behaviours.items);
  section.ReadEnds(rows, first_spot, spots, c.slow_spots.ends);
  section.ReadAll(kSlowSpotColumns, spots, c);
  return section.ok() &&
         AllAtMost(c.operations.role, first_operation, static_cast<std::size_t>(kLastCallRole)) &&
         AllAtMost(c.slow_spots.kind, first_spot, static_cast<std::size_t>(kLastSlowKind));
}

bool DecodeEvidenceSection(std::string_view bytes, std::size_t findings, SummaryColumns& c) {
  EvidenceColumns& evidence = c.evidence;
  StringPool none;
  SectionReader section(bytes, evidence.words, none);
  section.Require(section.Size() == findings);
  const std::size_t ids = section.Size();
  const std::size_t quotes = section.Size();
  const std::size_t first_quote = evidence.quote_span.items.size();
  section.Dictionaries();
  if (!section.ok()) return false;
  section.Columns();
  section.ReadEnds(findings, evidence.span_ids.items.size(), ids, evidence.span_ids.ends);
  section.Read<ColumnShape::kWord>(ids, evidence.span_ids.items);
  section.ReadEnds(findings, first_quote, quotes, evidence.quote_span.ends);
  section.ReadAll(kEvidenceColumns, quotes, c);
  return section.ok() &&
         AllAtMost(evidence.role, first_quote, static_cast<std::size_t>(kLastEvidenceRole));
}

// Cuts all columns to `rows`, which undoes a decoding that failed.
void Truncate(std::size_t rows, SummaryColumns& c) {
  const auto cut = [](auto& items, std::size_t size) {
    if (items.size() > size) items.resize(size);
  };
  const auto cut_list = [&](auto& list, std::size_t size) {
    cut(list.ends, size);
    cut(list.items, size == 0 ? 0 : list.ends[size - 1]);
  };
  cut_list(c.trace_id, rows);
  ForEachTraceColumn([&](auto column) { cut(column.Of(c), rows); });
  ForEach(kWordLists, [&](auto column) { cut_list(column.Of(c), rows); });
  ForEach(kWordCounts, [&](auto column) {
    WordCountColumn& counted = column.Of(c);
    cut_list(counted.words, std::min(rows, counted.words.ends.size()));
    cut(counted.counts, counted.words.items.size());
  });
  cut(c.operation_end, rows);
  cut(c.finding_end, rows);
  const std::size_t operations = rows == 0 ? 0 : c.operation_end.back();
  const std::size_t findings = rows == 0 ? 0 : c.finding_end.back();
  ForEach(kOperationColumns, [&](auto column) { cut(column.Of(c), operations); });
  ForEach(kTimingColumns, [&](auto column) { cut(column.Of(c), operations); });
  cut_list(c.operations.buckets, std::min(operations, c.operations.buckets.ends.size()));
  cut(c.operations.bucket_counts, c.operations.buckets.items.size());
  cut_list(c.behaviours, std::min(rows, c.behaviours.ends.size()));
  cut(c.slow_spots.ends, rows);
  const std::size_t spots = c.slow_spots.ends.empty() ? 0 : c.slow_spots.ends.back();
  ForEach(kSlowSpotColumns, [&](auto column) { cut(column.Of(c), spots); });
  ForEach(kFindingColumns, [&](auto column) { cut(column.Of(c), findings); });
  cut_list(c.findings.lies_in, std::min(findings, c.findings.lies_in.ends.size()));
  ForEach(kConditionColumns, [&](auto column) { cut(column.Of(c), findings); });
  cut(c.measure_end, rows);
  const std::size_t measures = c.measure_end.empty() ? 0 : c.measure_end.back();
  ForEach(kMeasureColumns, [&](auto column) { cut(column.Of(c), measures); });
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
  if (in.Byte() != kFormat) return Corrupt("not in a known format");
  ColumnBlock block;
  block.detail = detail;
  const bool compressed = in.Byte() != 0;
  const std::string_view summaries = in.Text();
  const std::string_view timings = in.Text();
  const std::string_view evidence = in.Text();
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
  if (detail != Detail::kCore) unpack(timings, block.timings);
  if (detail == Detail::kAll) unpack(evidence, block.evidence);
  if (failure) return *std::move(failure);
  return block;
}

Result<void> AppendColumns(const ColumnBlock& block, SummaryColumns& columns) {
  const std::size_t rows = columns.size();
  const std::size_t operations = columns.operations.size();
  const std::size_t findings = columns.findings.size();
  bool ok = DecodeSummarySection(block.summaries, columns);
  if (block.detail != Detail::kCore) {
    ok = ok && DecodeTimingSection(block.timings, columns.size() - rows,
                                   columns.operations.size() - operations, columns);
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
