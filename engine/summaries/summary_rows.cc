// SPDX-License-Identifier: MIT
// Copies rows between columns.
#include "engine/summaries/summary_column_list.h"
#include "engine/summaries/summary_columns.h"

namespace halo {
namespace {

// Translates ids of one StringPool to another, looking up each string once.
class Translation {
 public:
  Translation(const StringPool& from, StringPool& to)
      : from_(from), to_(to), word_of_(from.size(), kNone) {}
  StringId operator()(StringId word) {
    StringId& known = word_of_[word];
    if (known == kNone) known = to_.Intern(from_[word]);
    return known;
  }

 private:
  static constexpr StringId kNone = UINT32_MAX;
  const StringPool& from_;
  StringPool& to_;
  std::vector<StringId> word_of_;
};

// `words` translates ids, if the shape has any.
template <ColumnShape kShape, class T>
void CopyRange(const std::vector<T>& from, std::size_t begin, std::size_t end, Translation& words,
               std::vector<T>& to) {
  for (std::size_t i = begin; i < end; ++i) {
    if constexpr (kShape == ColumnShape::kWord || kShape == ColumnShape::kId) {
      to.push_back(words(from[i]));
    } else {
      to.push_back(from[i]);
    }
  }
}

void CopyBehaviours(const SummaryColumns& from, std::size_t row, Translation& words,
                    SummaryColumns& to) {
  const ListColumn<StringId>& did = from.behaviours;
  CopyRange<ColumnShape::kWord>(did.items, did.begin(row), did.end(row), words,
                                to.behaviours.items);
  to.behaviours.Close();
}

// Calls grow(list) for each list that grows with the number of traces.
template <class Grow>
void ForEachList(SummaryColumns& c, Grow&& grow) {
  grow(c.trace_id.ends);
  grow(c.trace_id.items);
  grow(c.operation_end);
  grow(c.finding_end);
  grow(c.measure_end);
  ForEachTraceColumn([&](auto column) { grow(column.Of(c)); });
  ForEach(kWordLists, [&](auto column) {
    grow(column.Of(c).ends);
    grow(column.Of(c).items);
  });
  ForEach(kWordCounts, [&](auto column) {
    grow(column.Of(c).words.ends);
    grow(column.Of(c).words.items);
    grow(column.Of(c).counts);
  });
  ForEach(kOperationColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kTimingColumns, [&](auto column) { grow(column.Of(c)); });
  grow(c.operations.buckets.ends);
  grow(c.operations.buckets.items);
  grow(c.operations.bucket_counts);
  grow(c.behaviours.ends);
  grow(c.behaviours.items);
  grow(c.slow_spots.ends);
  ForEach(kSlowSpotColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kFindingColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kConditionColumns, [&](auto column) { grow(column.Of(c)); });
  ForEach(kMeasureColumns, [&](auto column) { grow(column.Of(c)); });
}

void CopyBuckets(const SummaryColumns& from, std::size_t operation, SummaryColumns& to) {
  const ListColumn<std::int64_t>& buckets = from.operations.buckets;
  for (std::uint32_t b = buckets.begin(operation); b < buckets.end(operation); ++b) {
    to.operations.buckets.items.push_back(buckets.items[b]);
    to.operations.bucket_counts.push_back(from.operations.bucket_counts[b]);
  }
  to.operations.buckets.Close();
}

void CopyMates(const SummaryColumns& from, std::size_t finding, SummaryColumns& to) {
  const auto mates = from.findings.lies_in[finding];
  ListColumn<std::uint32_t>& lies_in = to.findings.lies_in;
  lies_in.items.insert(lies_in.items.end(), mates.begin(), mates.end());
  lies_in.Close();
}

}  // namespace

void Reserve(std::size_t rows, SummaryColumns& c) {
  if (c.size() == 0 || rows <= c.size()) return;
  const double share = static_cast<double>(rows) / static_cast<double>(c.size()) * 1.05;
  const auto wanted = [&](const auto& items) {
    return static_cast<std::size_t>(static_cast<double>(items.size()) * share);
  };
  ForEachList(c, [&](auto& items) { items.reserve(wanted(items)); });
}

void AppendRows(const SummaryColumns& from, const std::vector<bool>& keep, SummaryColumns& to) {
  Translation words(from.words, to.words), ids(from.ids, to.ids);
  Translation evidence_words(from.evidence.words, to.evidence.words);
  const auto copy = [&](auto column, std::size_t begin, std::size_t end, Translation& plain) {
    constexpr ColumnShape kShape = decltype(column)::shape;
    CopyRange<kShape>(column.Of(from), begin, end, kShape == ColumnShape::kId ? ids : plain,
                      column.Of(to));
  };
  const auto copy_all = [&](const auto& list, std::size_t begin, std::size_t end,
                            Translation& plain) {
    ForEach(list, [&](auto column) { copy(column, begin, end, plain); });
  };
  const bool timed = from.has_timings(), proven = from.has_evidence();
  for (std::size_t row = 0; row < from.size(); ++row) {
    if (!keep[row]) continue;
    const std::string_view id = TextAt(from.trace_id, row);
    to.trace_id.items.insert(to.trace_id.items.end(), id.begin(), id.end());
    to.trace_id.Close();
    ForEachTraceColumn([&](auto column) { copy(column, row, row + 1, words); });
    ForEach(kWordLists, [&](auto column) {
      const ListColumn<StringId>& list = column.Of(from);
      CopyRange<ColumnShape::kWord>(list.items, list.begin(row), list.end(row), words,
                                    column.Of(to).items);
      column.Of(to).Close();
    });
    ForEach(kWordCounts, [&](auto column) {
      const WordCountColumn& counted = column.Of(from);
      const std::size_t begin = counted.words.begin(row), end = counted.words.end(row);
      WordCountColumn& copy_of = column.Of(to);
      CopyRange<ColumnShape::kWord>(counted.words.items, begin, end, words, copy_of.words.items);
      CopyRange<ColumnShape::kSigned>(counted.counts, begin, end, words, copy_of.counts);
      copy_of.words.Close();
    });
    if (from.has_behaviours()) {
      CopyBehaviours(from, row, words, to);
      copy_all(kSlowSpotColumns, from.slow_spots.begin(row), from.slow_spots.ends[row], words);
      to.slow_spots.ends.push_back(static_cast<std::uint32_t>(to.slow_spots.size()));
    }

    const std::size_t operation = from.operation_begin(row);
    const std::size_t operation_end = from.operation_end[row];
    copy_all(kOperationColumns, operation, operation_end, words);
    if (timed) {
      copy_all(kTimingColumns, operation, operation_end, words);
      for (std::size_t i = operation; i < operation_end; ++i) CopyBuckets(from, i, to);
    }
    to.operation_end.push_back(static_cast<std::uint32_t>(to.operations.size()));

    const std::size_t finding = from.finding_begin(row);
    const std::size_t finding_end = from.finding_end[row];
    copy_all(kFindingColumns, finding, finding_end, words);
    copy_all(kConditionColumns, finding, finding_end, words);
    copy_all(kMeasureColumns, from.measure_begin(row), from.measure_end[row], words);
    to.measure_end.push_back(static_cast<std::uint32_t>(to.measures.size()));
    for (std::size_t i = finding; i < finding_end; ++i) CopyMates(from, i, to);
    if (proven) {
      for (std::size_t i = finding; i < finding_end; ++i) {
        const ListColumn<StringId>& spans = from.evidence.span_ids;
        CopyRange<ColumnShape::kWord>(spans.items, spans.begin(i), spans.end(i), evidence_words,
                                      to.evidence.span_ids.items);
        to.evidence.span_ids.Close();
        const ListColumn<StringId>& quotes = from.evidence.quote_span;
        copy_all(kEvidenceColumns, quotes.begin(i), quotes.end(i), evidence_words);
        to.evidence.quote_span.Close();
      }
    }
    to.finding_end.push_back(static_cast<std::uint32_t>(to.findings.size()));
  }
}

}  // namespace halo
