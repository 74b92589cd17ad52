// SPDX-License-Identifier: MIT
#include "engine/store/summary_columns.h"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include "engine/store/column_codec.h"
#include "engine/store/huge_pages.h"
#include "engine/store/span_codec.h"

namespace halo {
namespace {

// Written; of format 1, whose first section holds the timings of operations too, all is read.
constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kJoinedFormat = 1;

// kWord stands in SummaryColumns::words or the evidence's words, kId in SummaryColumns::ids.
enum class Shape : std::uint8_t { kNumber, kSigned, kWord, kId };

template <Shape kShape, class Access>
struct Column {
  static constexpr Shape shape = kShape;
  template <class Columns>
  static auto& Of(Columns& columns) {
    return Access{}(columns);
  }
};
template <class Access>
constexpr auto Number(Access) {
  return Column<Shape::kNumber, Access>{};
}
template <class Access>
constexpr auto Signed(Access) {
  return Column<Shape::kSigned, Access>{};
}
template <class Access>
constexpr auto AWord(Access) {
  return Column<Shape::kWord, Access>{};
}

template <class Access>
constexpr auto AnId(Access) {
  return Column<Shape::kId, Access>{};
}

// The columns as they are stored, by what their entries belong to: append only.
constexpr std::tuple kTraceColumns = {
    Number([](auto& c) -> auto& { return c.trace_row; }),
    Number([](auto& c) -> auto& { return c.arrived_ns; }),
    Number([](auto& c) -> auto& { return c.source_set; }),
    AWord([](auto& c) -> auto& { return c.project; }),
    AnId([](auto& c) -> auto& { return c.name; }),
    AWord([](auto& c) -> auto& { return c.service; }),
    AWord([](auto& c) -> auto& { return c.version; }),
    AWord([](auto& c) -> auto& { return c.environment; }),
    AnId([](auto& c) -> auto& { return c.session; }),
    AnId([](auto& c) -> auto& { return c.user; }),
    AnId([](auto& c) -> auto& { return c.task; }),
    Number([](auto& c) -> auto& { return c.start_ns; }),
    Number([](auto& c) -> auto& { return c.end_ns; }),
    Signed([](auto& c) -> auto& { return c.span_count; }),
    Signed([](auto& c) -> auto& { return c.llm_calls; }),
    Signed([](auto& c) -> auto& { return c.tool_calls; }),
    Signed([](auto& c) -> auto& { return c.steps; }),
    Signed([](auto& c) -> auto& { return c.failed_spans; }),
    Number([](auto& c) -> auto& { return c.root_ended; }),
    Signed([](auto& c) -> auto& { return c.usage.input; }),
    Signed([](auto& c) -> auto& { return c.usage.output; }),
    Signed([](auto& c) -> auto& { return c.usage.cache_read; }),
    Signed([](auto& c) -> auto& { return c.usage.cache_write; }),
    Signed([](auto& c) -> auto& { return c.usage.reasoning; }),
    Signed([](auto& c) -> auto& { return c.nano_usd; }),
    Signed([](auto& c) -> auto& { return c.unpriced_calls; }),
    Signed([](auto& c) -> auto& { return c.reported_costs; }),
    Signed([](auto& c) -> auto& { return c.computed_costs; }),
    Signed([](auto& c) -> auto& { return c.cost_mismatches; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[0]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[1]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[2]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[3]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[4]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[5]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[6]; }),
    Signed([](auto& c) -> auto& { return c.cache_rules[7]; }),
    Signed([](auto& c) -> auto& { return c.critical_ns; }),
    Number([](auto& c) -> auto& { return c.outcome; }),
    Number([](auto& c) -> auto& { return c.outcome_rule; }),
    Number([](auto& c) -> auto& { return c.eligible; }),
    Signed([](auto& c) -> auto& { return c.missing_parents; }),
    Signed([](auto& c) -> auto& { return c.cyclic_parents; }),
    Signed([](auto& c) -> auto& { return c.end_before_start; }),
    Signed([](auto& c) -> auto& { return c.outside_parent; }),
    Signed([](auto& c) -> auto& { return c.duplicate_ids; }),
    Signed([](auto& c) -> auto& { return c.llm_without_model; }),
    Signed([](auto& c) -> auto& { return c.llm_without_tokens; }),
    Signed([](auto& c) -> auto& { return c.unknown_convention; }),
    Signed([](auto& c) -> auto& { return c.clipped_spans; }),
    Number([](auto& c) -> auto& { return c.judged_by; }),
};

constexpr std::tuple kOperationColumns = {
    Number([](auto& c) -> auto& { return c.operations.kind; }),
    AWord([](auto& c) -> auto& { return c.operations.agent; }),
    AWord([](auto& c) -> auto& { return c.operations.name; }),
    AWord([](auto& c) -> auto& { return c.operations.model; }),
    Signed([](auto& c) -> auto& { return c.operations.count; }),
    Signed([](auto& c) -> auto& { return c.operations.unpriced; }),
};

constexpr std::tuple kTimingColumns = {
    Signed([](auto& c) -> auto& { return c.operations.errors; }),
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

// Both in one, as format 1 has them.
constexpr std::tuple kJoinedOperationColumns = {
    Number([](auto& c) -> auto& { return c.operations.kind; }),
    AWord([](auto& c) -> auto& { return c.operations.agent; }),
    AWord([](auto& c) -> auto& { return c.operations.name; }),
    AWord([](auto& c) -> auto& { return c.operations.model; }),
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

constexpr std::tuple kFindingColumns = {
    Number([](auto& c) -> auto& { return c.findings.mode; }),
    Number([](auto& c) -> auto& { return c.findings.detector; }),
    Number([](auto& c) -> auto& { return c.findings.decided_outcome; }),
    AWord([](auto& c) -> auto& { return c.findings.agent; }),
    AWord([](auto& c) -> auto& { return c.findings.tool; }),
    AWord([](auto& c) -> auto& { return c.findings.span_name; }),
    AWord([](auto& c) -> auto& { return c.findings.signature; }),
    AWord([](auto& c) -> auto& { return c.findings.tag; }),
    Signed([](auto& c) -> auto& { return c.findings.occurrences; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_tokens; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_nano_usd; }),
    Signed([](auto& c) -> auto& { return c.findings.waste_critical_ns; }),
};

constexpr std::tuple kEvidenceColumns = {
    AWord([](auto& c) -> auto& { return c.evidence.quote_span; }),
    AWord([](auto& c) -> auto& { return c.evidence.quote_path; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_offset; }),
    Number([](auto& c) -> auto& { return c.evidence.quote_length; }),
};

// Lists of words a trace has.
constexpr std::tuple kWordLists = {
    AWord([](auto& c) -> auto& { return c.agents; }),
    AWord([](auto& c) -> auto& { return c.models; }),
    AWord([](auto& c) -> auto& { return c.tools; }),
    AWord([](auto& c) -> auto& { return c.tags; }),
};

template <class List, class Visit>
void ForEach(const List& list, Visit&& visit) {
  std::apply([&](const auto&... column) { (visit(column), ...); }, list);
}

// --- Writing

// Words by their first use in a block.
class Dictionary {
 public:
  Dictionary(const Words& words, const Words& ids) : words_(words), ids_(ids) {}

  std::uint64_t AtWord(Word word) { return At(words_, word); }
  std::uint64_t AtId(Word id) { return At(ids_, id); }

  void Finish(std::string& out) const {
    PutVarint(out, size_);
    out.append(bytes_);
  }

 private:
  struct Source {
    explicit Source(const Words& texts) : words(texts), place(texts.size(), 0) {}
    const Words& words;
    std::vector<std::uint32_t> place;
  };

  std::uint64_t At(Source& source, Word word) {
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
  SectionWriter(const Words& words, const Words& ids) : dictionary_(words, ids) {}

  template <Shape kShape, class T>
  void Add(std::span<const T> items) {
    values_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      if constexpr (kShape == Shape::kWord) {
        values_[i] = dictionary_.AtWord(items[i]);
      } else if constexpr (kShape == Shape::kId) {
        values_[i] = dictionary_.AtId(items[i]);
      } else if constexpr (kShape == Shape::kSigned) {
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
    const ListColumn<Word>& list = column.Of(c);
    section.AddEnds(list.ends);
    section.Add<Shape::kWord>(std::span(list.items));
  });
  section.AddEnds(c.operation_end);
  section.AddEnds(c.finding_end);
  section.AddAll(kOperationColumns, c);
  section.AddAll(kFindingColumns, c);
  std::string ids;
  for (std::size_t i = 0; i < c.size(); ++i) PutText(ids, TextAt(c.trace_id, i));
  return section.Finish(
      {c.size(), c.agents.items.size(), c.models.items.size(), c.tools.items.size(),
       c.tags.items.size(), c.operations.size(), c.findings.size()},
      ids);
}

std::string EncodeTimingSection(const SummaryColumns& c) {
  const Words none;
  SectionWriter section(none, none);
  section.AddAll(kTimingColumns, c);
  section.AddEnds(c.operations.buckets.ends);
  section.Add<Shape::kSigned>(std::span(c.operations.buckets.items));
  section.Add<Shape::kSigned>(std::span(c.operations.bucket_counts));
  return section.Finish({c.operations.size(), c.operations.buckets.items.size()}, {});
}

std::string EncodeEvidenceSection(const SummaryColumns& c) {
  const Words none;
  SectionWriter section(c.evidence.words, none);
  section.AddEnds(c.evidence.span_ids.ends);
  section.Add<Shape::kWord>(std::span(c.evidence.span_ids.items));
  section.AddAll(kEvidenceColumns, c);
  return section.Finish({c.evidence.quote_span.size(), c.evidence.span_ids.items.size()}, {});
}

// --- Reading

Error Corrupt(const char* what) {
  return Error{Code::kCorrupt, std::string("stored summaries do not decode: ") + what};
}

// Reads one section into the columns of the words' owner, after what they already hold.
class SectionReader {
 public:
  SectionReader(std::string_view bytes, Words& words, Words& ids)
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

  template <Shape kShape, class T>
  void Read(std::size_t count, std::vector<T>& items) {
    const std::size_t first = items.size();
    items.resize(first + count);
    ok_ = ok_ && columns_->Next(count, values_);
    if (!ok_) return;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t value = values_[i];
      if constexpr (kShape == Shape::kWord || kShape == Shape::kId) {
        if (value >= texts_.size()) {
          ok_ = false;
          return;
        }
        items[first + i] = WordOf(kShape == Shape::kWord ? words_ : ids_, value);
      } else if constexpr (kShape == Shape::kSigned) {
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
    Read<Shape::kSigned>(buckets, c.operations.buckets.items);
    Read<Shape::kSigned>(buckets, c.operations.bucket_counts);
  }

  bool ok() const { return ok_; }
  void Require(bool condition) { ok_ = ok_ && condition; }

 private:
  struct Target {
    Words& words;
    std::vector<Word> known;  // by place in the dictionary; 0: not interned yet
  };

  Word WordOf(Target& target, std::uint64_t place) {
    Word& word = target.known[place];
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
    ListColumn<Word>& list = column.Of(c);
    const std::size_t size = list_sizes[which++];
    section.ReadEnds(rows, list.items.size(), size, list.ends);
    section.template Read<Shape::kWord>(size, list.items);
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
  return section.ok() && AllAtMost(c.outcome, first, static_cast<int>(Outcome::kFailure)) &&
         AllAtMost(c.outcome_rule, first, static_cast<int>(OutcomeRule::kLabel)) &&
         AllAtMost(c.operations.kind, first_operation, static_cast<int>(Kind::kPrompt));
}

bool DecodeTimingSection(std::string_view bytes, std::size_t operations, SummaryColumns& c) {
  Words none;
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
  Words none;
  SectionReader section(bytes, evidence.words, none);
  section.Require(section.Size() == findings);
  const std::size_t ids = section.Size();
  section.Dictionary();
  if (!section.ok()) return false;
  section.Columns();
  section.ReadEnds(findings, evidence.span_ids.items.size(), ids, evidence.span_ids.ends);
  section.Read<Shape::kWord>(ids, evidence.span_ids.items);
  section.ReadAll(kEvidenceColumns, findings, c);
  return section.ok();
}

// Timings that came along in a block of format 1.
void DropTimings(SummaryColumns& c) {
  ForEach(kTimingColumns, [&](auto column) { column.Of(c).clear(); });
  c.operations.buckets = {};
  c.operations.bucket_counts.clear();
}

// --- Going back to what was before, when a block turns out to be broken

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
  ForEach(kEvidenceColumns, [&](auto column) { cut(column.Of(c), findings); });
}

// --- From and to objects

void Append(const TokenUsage& usage, UsageColumns& c) {
  c.input.push_back(usage.input);
  c.output.push_back(usage.output);
  c.cache_read.push_back(usage.cache_read);
  c.cache_write.push_back(usage.cache_write);
  c.reasoning.push_back(usage.reasoning);
}

TokenUsage UsageAt(const UsageColumns& c, std::size_t i) {
  return {c.input[i], c.output[i], c.cache_read[i], c.cache_write[i], c.reasoning[i]};
}

void AppendWords(const std::vector<std::string>& texts, Words& words, ListColumn<Word>& list) {
  for (const std::string& text : texts) list.items.push_back(words.Intern(text));
  list.Close();
}

std::vector<std::string> TextsAt(const ListColumn<Word>& list, std::size_t row,
                                 const Words& words) {
  std::vector<std::string> texts;
  for (const Word word : list[row]) texts.emplace_back(words[word]);
  return texts;
}

void Append(const OperationRollup& operation, SummaryColumns& columns) {
  OperationColumns& c = columns.operations;
  c.kind.push_back(static_cast<std::uint8_t>(operation.kind));
  c.agent.push_back(columns.words.Intern(operation.agent));
  c.name.push_back(columns.words.Intern(operation.name));
  c.model.push_back(columns.words.Intern(operation.model));
  c.count.push_back(operation.count);
  c.errors.push_back(operation.errors);
  c.unpriced.push_back(operation.unpriced);
  Append(operation.usage, c.usage);
  c.nano_usd.push_back(operation.nano_usd);
  c.duration_ns.push_back(operation.duration_ns);
  c.max_ns.push_back(operation.max_ns);
  c.critical_ns.push_back(operation.critical_ns);
  for (const auto& [bucket, count] : operation.durations) {
    c.buckets.items.push_back(bucket);
    c.bucket_counts.push_back(count);
  }
  c.buckets.Close();
}

OperationRollup OperationAt(const SummaryColumns& columns, std::size_t i) {
  const OperationColumns& c = columns.operations;
  OperationRollup operation;
  operation.kind = static_cast<Kind>(c.kind[i]);
  operation.agent = columns.words[c.agent[i]];
  operation.name = columns.words[c.name[i]];
  operation.model = columns.words[c.model[i]];
  operation.count = c.count[i];
  operation.errors = c.errors[i];
  operation.unpriced = c.unpriced[i];
  operation.usage = UsageAt(c.usage, i);
  operation.nano_usd = c.nano_usd[i];
  operation.duration_ns = c.duration_ns[i];
  operation.max_ns = c.max_ns[i];
  operation.critical_ns = c.critical_ns[i];
  for (std::uint32_t b = c.buckets.begin(i); b < c.buckets.end(i); ++b) {
    operation.durations.emplace_back(c.buckets.items[b], c.bucket_counts[b]);
  }
  return operation;
}

void Append(const StoredFinding& finding, SummaryColumns& columns) {
  FindingColumns& c = columns.findings;
  c.mode.push_back(finding.mode);
  c.detector.push_back(finding.detector);
  c.decided_outcome.push_back(finding.decided_outcome);
  c.agent.push_back(columns.words.Intern(finding.locus.agent));
  c.tool.push_back(columns.words.Intern(finding.locus.tool));
  c.span_name.push_back(columns.words.Intern(finding.locus.span_name));
  c.signature.push_back(columns.words.Intern(finding.signature));
  c.tag.push_back(columns.words.Intern(finding.tag));
  c.occurrences.push_back(finding.occurrences);
  c.waste_tokens.push_back(finding.waste.tokens);
  c.waste_nano_usd.push_back(finding.waste.nano_usd);
  c.waste_critical_ns.push_back(finding.waste.critical_ns);
  EvidenceColumns& e = columns.evidence;
  AppendWords(finding.span_ids, e.words, e.span_ids);
  e.quote_span.push_back(e.words.Intern(finding.quote.span_id));
  e.quote_path.push_back(e.words.Intern(finding.quote.path));
  e.quote_offset.push_back(finding.quote.offset);
  e.quote_length.push_back(finding.quote.length);
}

StoredFinding FindingAt(const SummaryColumns& columns, std::size_t i) {
  const FindingColumns& c = columns.findings;
  const Words& words = columns.words;
  StoredFinding finding;
  finding.mode = c.mode[i];
  finding.detector = c.detector[i];
  finding.decided_outcome = c.decided_outcome[i] != 0;
  finding.locus = {std::string(words[c.agent[i]]), std::string(words[c.tool[i]]),
                   std::string(words[c.span_name[i]])};
  finding.signature = words[c.signature[i]];
  finding.tag = words[c.tag[i]];
  finding.occurrences = c.occurrences[i];
  finding.waste = {c.waste_tokens[i], c.waste_nano_usd[i], c.waste_critical_ns[i]};
  const EvidenceColumns& e = columns.evidence;
  finding.span_ids = TextsAt(e.span_ids, i, e.words);
  finding.quote = {std::string(e.words[e.quote_span[i]]), std::string(e.words[e.quote_path[i]]),
                   e.quote_offset[i], e.quote_length[i]};
  return finding;
}

// --- Copying rows

// Words of one Words in another, looked up once.
class Translation {
 public:
  Translation(const Words& from, Words& to) : from_(from), to_(to), word_of_(from.size(), kNone) {}
  Word operator()(Word word) {
    Word& known = word_of_[word];
    if (known == kNone) known = to_.Intern(from_[word]);
    return known;
  }

 private:
  static constexpr Word kNone = UINT32_MAX;
  const Words& from_;
  Words& to_;
  std::vector<Word> word_of_;
};

// `words` translates what the shape refers to.
template <Shape kShape, class T>
void CopyRange(const std::vector<T>& from, std::size_t begin, std::size_t end, Translation& words,
               std::vector<T>& to) {
  for (std::size_t i = begin; i < end; ++i) {
    if constexpr (kShape == Shape::kWord || kShape == Shape::kId) {
      to.push_back(words(from[i]));
    } else {
      to.push_back(from[i]);
    }
  }
}

}  // namespace

void AppendSummary(const TraceSummary& s, const TracePlace& place, SummaryColumns& c) {
  c.trace_row.push_back(place.trace_row);
  c.arrived_ns.push_back(place.arrived_ns);
  c.source_set.push_back(place.source_set);
  c.trace_id.items.insert(c.trace_id.items.end(), s.trace_id.begin(), s.trace_id.end());
  c.trace_id.Close();
  c.project.push_back(c.words.Intern(s.project));
  c.name.push_back(c.ids.Intern(s.name));
  c.service.push_back(c.words.Intern(s.service));
  c.version.push_back(c.words.Intern(s.version));
  c.environment.push_back(c.words.Intern(s.environment));
  c.session.push_back(c.ids.Intern(s.session));
  c.user.push_back(c.ids.Intern(s.user));
  c.task.push_back(c.ids.Intern(s.task));
  AppendWords(s.agents, c.words, c.agents);
  AppendWords(s.models, c.words, c.models);
  AppendWords(s.tools, c.words, c.tools);
  AppendWords(s.tags, c.words, c.tags);
  c.start_ns.push_back(s.start_ns);
  c.end_ns.push_back(s.end_ns);
  c.span_count.push_back(s.span_count);
  c.llm_calls.push_back(s.llm_calls);
  c.tool_calls.push_back(s.tool_calls);
  c.steps.push_back(s.steps);
  c.failed_spans.push_back(s.failed_spans);
  c.root_ended.push_back(s.root_ended);
  Append(s.usage, c.usage);
  c.nano_usd.push_back(s.nano_usd);
  c.unpriced_calls.push_back(s.unpriced_calls);
  c.reported_costs.push_back(s.reported_costs);
  c.computed_costs.push_back(s.computed_costs);
  c.cost_mismatches.push_back(s.cost_mismatches);
  for (std::size_t i = 0; i < c.cache_rules.size(); ++i) {
    c.cache_rules[i].push_back(s.cache_rules[i]);
  }
  c.critical_ns.push_back(s.critical_ns);
  c.outcome.push_back(static_cast<std::uint8_t>(s.outcome));
  c.outcome_rule.push_back(static_cast<std::uint8_t>(s.outcome_rule));
  c.eligible.push_back(s.eligible);
  c.missing_parents.push_back(s.health.missing_parents);
  c.cyclic_parents.push_back(s.health.cyclic_parents);
  c.end_before_start.push_back(s.health.end_before_start);
  c.outside_parent.push_back(s.health.outside_parent);
  c.duplicate_ids.push_back(s.health.duplicate_ids);
  c.llm_without_model.push_back(s.health.llm_without_model);
  c.llm_without_tokens.push_back(s.health.llm_without_tokens);
  c.unknown_convention.push_back(s.unknown_convention);
  c.clipped_spans.push_back(s.clipped_spans);
  c.judged_by.push_back(s.judged_by);
  for (const OperationRollup& operation : s.operations) Append(operation, c);
  c.operation_end.push_back(static_cast<std::uint32_t>(c.operations.size()));
  for (const StoredFinding& finding : s.findings) Append(finding, c);
  c.finding_end.push_back(static_cast<std::uint32_t>(c.findings.size()));
}

TraceSummary SummaryAt(const SummaryColumns& c, std::size_t row) {
  const auto text = [&](const std::vector<Word>& column) {
    return std::string(c.words[column[row]]);
  };
  const auto id = [&](const std::vector<Word>& column) { return std::string(c.ids[column[row]]); };
  TraceSummary s;
  s.trace_id = TextAt(c.trace_id, row);
  s.project = text(c.project);
  s.name = id(c.name);
  s.service = text(c.service);
  s.version = text(c.version);
  s.environment = text(c.environment);
  s.session = id(c.session);
  s.user = id(c.user);
  s.task = id(c.task);
  s.agents = TextsAt(c.agents, row, c.words);
  s.models = TextsAt(c.models, row, c.words);
  s.tools = TextsAt(c.tools, row, c.words);
  s.tags = TextsAt(c.tags, row, c.words);
  s.start_ns = c.start_ns[row];
  s.end_ns = c.end_ns[row];
  s.span_count = c.span_count[row];
  s.llm_calls = c.llm_calls[row];
  s.tool_calls = c.tool_calls[row];
  s.steps = c.steps[row];
  s.failed_spans = c.failed_spans[row];
  s.root_ended = c.root_ended[row] != 0;
  s.usage = UsageAt(c.usage, row);
  s.nano_usd = c.nano_usd[row];
  s.unpriced_calls = c.unpriced_calls[row];
  s.reported_costs = c.reported_costs[row];
  s.computed_costs = c.computed_costs[row];
  s.cost_mismatches = c.cost_mismatches[row];
  for (std::size_t i = 0; i < c.cache_rules.size(); ++i) s.cache_rules[i] = c.cache_rules[i][row];
  s.critical_ns = c.critical_ns[row];
  s.outcome = static_cast<Outcome>(c.outcome[row]);
  s.outcome_rule = static_cast<OutcomeRule>(c.outcome_rule[row]);
  s.eligible = c.eligible[row];
  s.health = {c.missing_parents[row],   c.cyclic_parents[row], c.end_before_start[row],
              c.outside_parent[row],    c.duplicate_ids[row],  c.llm_without_model[row],
              c.llm_without_tokens[row]};
  s.unknown_convention = c.unknown_convention[row];
  s.clipped_spans = c.clipped_spans[row];
  s.judged_by = c.judged_by[row];
  for (std::size_t i = c.operation_begin(row); i < c.operation_end[row]; ++i) {
    s.operations.push_back(OperationAt(c, i));
  }
  for (std::size_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    s.findings.push_back(FindingAt(c, i));
  }
  return s;
}

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

Result<void> DecodeColumns(std::string_view bytes, Detail detail, SummaryColumns& columns) {
  ByteReader in(bytes);
  const std::uint8_t format = in.Byte();
  if (format != kFormat && format != kJoinedFormat) return Corrupt("not in a known format");
  const bool joined = format == kJoinedFormat;
  const bool compressed = in.Byte() != 0;
  const std::string_view summaries = in.Text();
  const std::string_view timings = joined ? std::string_view() : in.Text();
  const std::string_view evidence = joined ? in.Take(in.left()) : in.Text();
  if (!in.ok()) return Corrupt("cut off");

  // Calls `read` with the bytes of a section.
  std::optional<Error> failure;
  const auto section = [&](std::string_view stored, auto&& read) {
    if (failure) return;
    std::string raw;
    if (compressed) {
      Result<std::string> decompressed = DecompressBlock(stored);
      if (!decompressed) {
        failure = decompressed.error();
        return;
      }
      raw = std::move(*decompressed);
      stored = raw;
    }
    if (!read(stored)) failure = Corrupt("columns do not fit");
  };
  const std::size_t rows = columns.size();
  const std::size_t operations = columns.operations.size();
  const std::size_t findings = columns.findings.size();
  section(summaries,
          [&](std::string_view raw) { return DecodeSummarySection(raw, joined, columns); });
  if (joined) {
    if (detail == Detail::kCore) DropTimings(columns);
  } else if (detail != Detail::kCore) {
    section(timings, [&](std::string_view raw) {
      return DecodeTimingSection(raw, columns.operations.size() - operations, columns);
    });
  }
  if (detail == Detail::kAll) {
    section(evidence, [&](std::string_view raw) {
      return DecodeEvidenceSection(raw, columns.findings.size() - findings, columns);
    });
  }
  if (!failure) return {};
  Truncate(rows, columns);
  return *failure;
}

// Calls grow(list) for each list that has entries for each trace.
template <class Grow>
void ForEachList(SummaryColumns& c, Grow&& grow) {
  grow(c.trace_id.ends);
  grow(c.trace_id.items);
  grow(c.operation_end);
  grow(c.finding_end);
  ForEach(kTraceColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kWordLists, [&](auto column) {
    grow(column.Of(c).ends);
    grow(column.Of(c).items);
  });
  ForEach(kOperationColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kTimingColumns, [&](auto column) { grow(column.Of(c)); });
  grow(c.operations.buckets.ends);
  grow(c.operations.buckets.items);
  grow(c.operations.bucket_counts);
  ForEach(kFindingColumns, [&](auto column) { grow(column.Of(c)); });
}

void Reserve(std::size_t rows, SummaryColumns& c) {
  if (c.size() == 0 || rows <= c.size()) return;
  const double share = static_cast<double>(rows) / static_cast<double>(c.size()) * 1.05;
  const auto wanted = [&](const auto& items) {
    return static_cast<std::size_t>(static_cast<double>(items.size()) * share);
  };
  std::size_t bytes = 0;
  ForEachList(c, [&](const auto& items) { bytes += wanted(items) * sizeof(items[0]); });
  ExpectAllocations(bytes);
  ForEachList(c, [&](auto& items) { items.reserve(wanted(items)); });
}

void AppendRows(const SummaryColumns& from, const std::vector<bool>& keep, SummaryColumns& to) {
  Translation words(from.words, to.words), ids(from.ids, to.ids);
  Translation evidence_words(from.evidence.words, to.evidence.words);
  const auto copy = [&](const auto& list, std::size_t begin, std::size_t end, Translation& plain) {
    ForEach(list, [&](auto column) {
      constexpr Shape kShape = decltype(column)::shape;
      CopyRange<kShape>(column.Of(from), begin, end, kShape == Shape::kId ? ids : plain,
                        column.Of(to));
    });
  };
  const bool timed = from.has_timings(), proven = from.has_evidence();
  for (std::size_t row = 0; row < from.size(); ++row) {
    if (!keep[row]) continue;
    const std::string_view id = TextAt(from.trace_id, row);
    to.trace_id.items.insert(to.trace_id.items.end(), id.begin(), id.end());
    to.trace_id.Close();
    copy(kTraceColumns, row, row + 1, words);
    ForEach(kWordLists, [&](auto column) {
      const ListColumn<Word>& list = column.Of(from);
      CopyRange<Shape::kWord>(list.items, list.begin(row), list.end(row), words,
                              column.Of(to).items);
      column.Of(to).Close();
    });

    const std::size_t operation = from.operation_begin(row);
    const std::size_t operation_end = from.operation_end[row];
    copy(kOperationColumns, operation, operation_end, words);
    if (timed) {
      copy(kTimingColumns, operation, operation_end, words);
      for (std::size_t i = operation; i < operation_end; ++i) {
        const ListColumn<std::int16_t>& buckets = from.operations.buckets;
        for (std::uint32_t b = buckets.begin(i); b < buckets.end(i); ++b) {
          to.operations.buckets.items.push_back(buckets.items[b]);
          to.operations.bucket_counts.push_back(from.operations.bucket_counts[b]);
        }
        to.operations.buckets.Close();
      }
    }
    to.operation_end.push_back(static_cast<std::uint32_t>(to.operations.size()));

    const std::size_t finding = from.finding_begin(row);
    const std::size_t finding_end = from.finding_end[row];
    copy(kFindingColumns, finding, finding_end, words);
    if (proven) {
      copy(kEvidenceColumns, finding, finding_end, evidence_words);
      for (std::size_t i = finding; i < finding_end; ++i) {
        const ListColumn<Word>& spans = from.evidence.span_ids;
        CopyRange<Shape::kWord>(spans.items, spans.begin(i), spans.end(i), evidence_words,
                                to.evidence.span_ids.items);
        to.evidence.span_ids.Close();
      }
    }
    to.finding_end.push_back(static_cast<std::uint32_t>(to.findings.size()));
  }
}

}  // namespace halo
