// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/text_search.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "engine/base/parallel.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

constexpr std::size_t kBlocksForThreads = 4;
constexpr std::uint32_t kExcerptBytes = 200;

// A span to search.
struct Place {
  PayloadRef payload;
  std::size_t index;  // of its trace

  bool operator<(const Place& other) const {
    return std::tie(payload.block, payload.offset) <
           std::tie(other.payload.block, other.payload.offset);
  }
};

// Finds the payloads of segments. Traces that arrived together share a table, which is decoded
// once.
class PayloadFinder {
 public:
  explicit PayloadFinder(BlockCache& blocks) : blocks_(blocks) {}

  // The payloads of a segment's spans; valid until the next call. Blocks count from the segment's
  // payload_base.
  std::span<const PayloadRef> Find(Database& db, const SegmentRow& row) {
    const BlockCache::Bytes block =
        blocks_.Get(row.facts, [&] { return LoadFacts(db, row.facts); });
    const StoredFacts facts = ValueOrThrow(FactsIn(*block, row));
    if (!facts.rows || row.facts != shared_) {
      refs_.clear();
      ValueOrThrow(DecodePayloadRefs(facts.table, refs_));
      shared_ = facts.rows ? row.facts : 0;
    }
    if (!facts.rows) return refs_;
    const auto [first, count] = *facts.rows;
    if (first > refs_.size() || count > refs_.size() - first) {
      throw StoreException{{Code::kCorrupt, "stored facts are outside their table"}};
    }
    return std::span(refs_).subspan(first, count);
  }

 private:
  BlockCache& blocks_;
  std::int64_t shared_ = 0;  // the block whose references are cached; 0: none
  std::vector<PayloadRef> refs_;
};

std::vector<Place> PlacesOf(Database& db, BlockCache& facts, std::span<const std::int64_t> traces,
                            DamageLog& damage) {
  std::vector<Place> places;
  PayloadFinder finder(facts);
  for (std::size_t index = 0; index < traces.size(); ++index) {
    std::int64_t missing = db.Number("SELECT segments FROM traces WHERE id = ?", traces[index]);
    Query rows = db.Ask(
        "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
        "checksum FROM segments WHERE trace = ?",
        traces[index]);
    for (; rows.Step(); --missing) {
      SegmentRow row;
      std::span<const PayloadRef> refs;
      try {
        row = CheckedSegment(rows);
        refs = finder.Find(db, row);
      } catch (const DamagedPart& part) {
        damage.Note(part.part, part.id);
        continue;
      }
      for (PayloadRef ref : refs) {
        // In wrapping arithmetic, since stored numbers may have any value.
        ref.block = static_cast<std::int64_t>(static_cast<std::uint64_t>(ref.block) +
                                              static_cast<std::uint64_t>(row.payload_base));
        places.push_back({ref, index});
      }
    }
    if (missing > 0) damage.Note(StoredPart::kSegment, traces[index]);
  }
  std::sort(places.begin(), places.end());
  return places;
}

// The matches that one thread found.
class Findings {
 public:
  Findings(const TextMatcher& matcher, const TextPattern& pattern, MatchDetail detail)
      : matcher_(matcher),
        counts_(pattern.where ? pattern.where() : ValueTest()),
        all_(detail == MatchDetail::kAllSpans) {}

  // `places`: spans of this block, by offset.
  void Scan(std::string_view block, std::span<const Place> places) {
    auto place = places.begin();
    for (std::size_t at = 0; place != places.end();) {
      at = matcher_.NextCandidate(block, std::max<std::size_t>(at, place->payload.offset));
      if (at == std::string_view::npos) return;
      while (place != places.end() && EndOf(*place) <= at) ++place;
      if (place == places.end()) return;
      if (place->payload.offset > at) continue;
      Look(block, *place);
      at = EndOf(*place);
      ++place;
    }
  }

  struct Count {
    std::size_t index;
    std::uint64_t span;  // its hashed id
    std::int64_t values;
    auto operator<=>(const Count&) const = default;
  };
  using Spans = std::unordered_map<std::size_t, std::vector<SpanMatch>>;

  void MergeInto(Spans& spans, std::vector<Count>& counts) {
    counts.insert(counts.end(), counts_of_.begin(), counts_of_.end());
    for (auto& [index, matches] : spans_) {
      for (SpanMatch& match : matches) Keep(spans[index], std::move(match));
    }
  }

 private:
  static std::size_t EndOf(const Place& place) {
    return std::size_t{place.payload.offset} + place.payload.length;
  }

  void Keep(std::vector<SpanMatch>& matches, SpanMatch match) const {
    const auto order = [](const SpanMatch& m) { return std::tie(m.start_ns, m.span_id, m.path); };
    if (all_ || matches.empty()) {
      matches.push_back(std::move(match));
    } else if (order(match) < order(matches.front())) {
      matches.front() = std::move(match);
    }
  }

  void Look(std::string_view block, const Place& place) {
    if (place.payload.length >
        block.size() - std::min<std::size_t>(block.size(), place.payload.offset)) {
      throw StoreException{{Code::kCorrupt, "a payload is outside its block"}};
    }
    const OwnedSpan owned = ValueOrThrow(
        DecodeSpan(std::string(block.substr(place.payload.offset, place.payload.length))));
    const Span& span = owned.span();
    SpanMatch match;
    ForEachText(span, [&](std::string_view path, std::string_view text) {
      const std::optional<TextRange> range = matcher_.Find(text);
      if (!range || (counts_ && !counts_(span, path))) return true;
      if (match.values++ > 0) return true;
      match.path = path;
      match.offset = range->offset;
      match.length = range->length;
      const TextRange excerpt = ExcerptAround(text, *range, kExcerptBytes);
      match.excerpt = text.substr(excerpt.offset, excerpt.length);
      match.excerpt_offset = excerpt.offset;
      return true;
    });
    if (match.values == 0) return;
    counts_of_.push_back({place.index, ContentHash(span.span_id), match.values});
    match.start_ns = span.start_ns;
    match.span_id = span.span_id;
    Keep(spans_[place.index], std::move(match));
  }

  const TextMatcher& matcher_;
  ValueTest counts_;
  bool all_;
  Spans spans_;
  std::vector<Count> counts_of_;
};

// By (start, id). Versions of a span that are not merged yet are one, with the most values.
void MergeVersionsOf(std::vector<SpanMatch>& spans) {
  std::sort(spans.begin(), spans.end(), [](const SpanMatch& a, const SpanMatch& b) {
    return std::tie(a.span_id, b.values, a.start_ns, a.path) <
           std::tie(b.span_id, a.values, b.start_ns, b.path);
  });
  const auto same = [](const SpanMatch& a, const SpanMatch& b) { return a.span_id == b.span_id; };
  spans.erase(std::unique(spans.begin(), spans.end(), same), spans.end());
  std::sort(spans.begin(), spans.end(), [](const SpanMatch& a, const SpanMatch& b) {
    return std::tie(a.start_ns, a.span_id) < std::tie(b.start_ns, b.span_id);
  });
}

}  // namespace

std::vector<TraceMatch> SearchTraces(ReaderPool& readers, BlockCache& facts,
                                     std::span<const std::int64_t> traces,
                                     const TextMatcher& matcher, const TextPattern& pattern,
                                     MatchDetail detail, std::stop_token stop, DamageLog& damage) {
  std::vector<Place> places;
  {
    ReaderPool::Handle db = readers.Take();
    Transaction transaction(*db, Transaction::Kind::kRead);
    places = PlacesOf(*db, facts, traces, damage);
  }
  std::vector<std::size_t> begins;  // of each block in `places`
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == 0 || places[i].payload.block != places[i - 1].payload.block) begins.push_back(i);
  }

  const unsigned threads = begins.size() < kBlocksForThreads ? 1 : UsefulThreads();
  std::vector<Findings> findings;
  for (unsigned i = 0; i < threads; ++i) findings.emplace_back(matcher, pattern, detail);
  ForEachIndex(begins.size(), threads, [&](std::size_t i, unsigned thread) {
    if (stop.stop_requested()) return;
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : places.size();
    const std::span<const Place> of_block(places.data() + begins[i], end - begins[i]);
    ReaderPool::Handle db = readers.Take();
    const std::int64_t block = of_block.front().payload.block;
    try {
      findings[thread].Scan(LoadPayload(*db, block), of_block);
    } catch (const DamagedPart&) {
      damage.Note(StoredPart::kPayload, block, static_cast<std::int64_t>(of_block.size()));
    }
  });

  Findings::Spans spans;
  std::vector<Findings::Count> counts;
  for (Findings& each : findings) each.MergeInto(spans, counts);
  std::vector<TraceMatch> matches;
  matches.reserve(spans.size());
  std::unordered_map<std::size_t, TraceMatch*> of_trace;
  for (auto& [index, found] : spans) {
    matches.push_back({index, std::move(found)});
    MergeVersionsOf(matches.back().first);
    of_trace[index] = &matches.back();
  }
  // Versions of a span that are not merged yet count once: the last of each id has most values.
  std::sort(counts.begin(), counts.end());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const bool last = i + 1 == counts.size() || counts[i].index != counts[i + 1].index ||
                      counts[i].span != counts[i + 1].span;
    if (!last) continue;
    TraceMatch& match = *of_trace[counts[i].index];
    ++match.spans;
    match.values += counts[i].values;
  }
  std::sort(matches.begin(), matches.end(),
            [](const TraceMatch& a, const TraceMatch& b) { return a.index < b.index; });
  return matches;
}

}  // namespace halo
