// SPDX-License-Identifier: MIT
#include "engine/read_values.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <unordered_map>
#include <utility>

#include "engine/base/hash.h"
#include "engine/codec/span_codec.h"
#include "engine/engine_impl.h"
#include "engine/facts/quote.h"
#include "engine/read_payloads.h"
#include "engine/semconv/conventions.h"
#include "engine/text/fingerprint.h"

namespace halo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReadTime{20};
// Up to this many runs are counted to the end, even if the page is full before.
constexpr std::size_t kAlwaysCounted = 1000;
constexpr std::size_t kDrawn = 1000;  // at random
constexpr std::size_t kSpansAtOnce = 256;
constexpr std::size_t kBytesAtOnce = 8u << 20;
constexpr std::size_t kProgressEvery = 64;

// Whether the answer needs every value.
bool NeedsAll(const ValueQuery& query) {
  return query.distinct || query.sample == ValueSample::kDiverse ||
         query.sample == ValueSample::kRandom;
}

// What is kept of the values that were found: a page of them, groups of equal ones, or a draw.
class Keeper {
 public:
  explicit Keeper(const ValueQuery& query) : query_(query), random_(query.seed) {}

  // `make` gives the value; it is only called for values that are kept.
  template <class Make>
  void Offer(const TraceKey& key, std::string_view span_id, std::string_view text,
             std::string_view name, Make&& make) {
    ++seen_;
    if (query_.distinct || query_.sample == ValueSample::kDiverse) {
      return Group(key, span_id, text, name, make);
    }
    if (query_.sample == ValueSample::kRandom) return Draw(make);
    if (seen_ <= query_.skip) return;
    if (kept_.size() < query_.limit) {
      kept_.push_back(make());
    } else {
      more_ = true;
    }
  }

  bool full() const { return more_; }

  void Finish(ValuePage& page) {
    if (!groups_.empty()) {
      page.groups = static_cast<std::int64_t>(kept_.size());
      page.groups_cut = groups_cut_;
      std::stable_sort(kept_.begin(), kept_.end(), [](const ReadValue& a, const ReadValue& b) {
        return std::pair(a.runs, a.values) > std::pair(b.runs, b.values);
      });
    }
    if (NeedsAll(query_)) {
      if (query_.sample == ValueSample::kRandom && !query_.distinct) {
        for (std::size_t i = kept_.size(); i > 1; --i) std::swap(kept_[i - 1], kept_[Below(i)]);
      }
      const std::size_t begin = std::min(query_.skip, kept_.size());
      kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(begin));
      more_ = kept_.size() > query_.limit;
      if (more_) kept_.resize(query_.limit);
    }
    page.more = more_;
    page.values = std::move(kept_);
  }

 private:
  template <class Make>
  void Group(const TraceKey& key, std::string_view span_id, std::string_view text,
             std::string_view name, Make&& make) {
    const std::uint64_t same = query_.distinct ? ContentHash(text) : ResultFingerprint(text);
    const std::uint64_t hash = MixHash(same, ContentHash(name));
    const auto [known, is_new] = groups_.try_emplace(hash, kept_.size());
    if (is_new) {
      if (kept_.size() == kMaxValueGroups) {
        groups_.erase(known);
        groups_cut_ = true;
        return;
      }
      kept_.push_back(make());
      last_run_.push_back(key);
      return;
    }
    ReadValue& value = kept_[known->second];
    ++value.values;
    TraceKey& last = last_run_[known->second];
    if (last == key) return;  // runs come one after the other
    last = key;
    ++value.runs;
    if (value.more.size() < kValueExamples) value.more.push_back({key, std::string(span_id)});
  }

  // A number below `limit`. The distributions of the standard library differ between libraries.
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  // Reservoir sampling (Vitter, 1985, algorithm R). Every page draws the same values.
  template <class Make>
  void Draw(Make&& make) {
    if (kept_.size() < kDrawn) {
      kept_.push_back(make());
      return;
    }
    const std::uint64_t at = Below(seen_);
    if (at < kDrawn) kept_[at] = make();
  }

  const ValueQuery& query_;
  std::mt19937_64 random_;
  std::size_t seen_ = 0;
  std::vector<ReadValue> kept_;
  bool more_ = false;
  std::unordered_map<std::uint64_t, std::size_t> groups_;  // index in kept_
  bool groups_cut_ = false;
  std::vector<TraceKey> last_run_;  // along kept_
};

// Reads the values of one trace after the other.
class Reader {
 public:
  Reader(Store& store, const ValueQuery& query, ValuePage& page, Keeper& keeper)
      : store_(store), query_(query), page_(page), keeper_(keeper) {}

  Result<void> Read(const StoredTrace& stored, const Trace& trace) {
    const std::int64_t before = page_.found;
    const Result<void> done = query_.role == ValueRole::kFinalAnswer
                                  ? ReadFinalAnswer(stored, trace)
                                  : ReadSpans(stored, trace);
    page_.found_runs += page_.found > before;
    return done;
  }

 private:
  Result<std::vector<OwnedSpan>> Load(const StoredTrace& stored, const Trace& trace,
                                      std::span<const SpanIndex> spans) {
    std::vector<PayloadRef> refs;
    for (const SpanIndex span : spans) refs.push_back(trace.spans[span].payload);
    Result<std::vector<std::string>> payloads = ReadPayloads(store_, stored, refs);
    if (!payloads) return payloads.error();
    return DecodeSpans(std::move(*payloads));
  }

  Result<void> ReadSpans(const StoredTrace& stored, const Trace& trace) {
    std::vector<SpanIndex> spans = SpansWith(trace, query_.role, query_.spans);
    if (query_.sample == ValueSample::kLast) std::reverse(spans.begin(), spans.end());
    for (std::size_t begin = 0, end = 0; begin < spans.size(); begin = end) {
      std::size_t bytes = 0;
      for (end = begin; end < spans.size() && end - begin < kSpansAtOnce; ++end) {
        bytes += trace.spans[spans[end]].payload_bytes;
        if (end > begin && bytes > kBytesAtOnce) break;
      }
      const std::span<const SpanIndex> some(spans.data() + begin, end - begin);
      const Result<std::vector<OwnedSpan>> owned = Load(stored, trace, some);
      if (!owned) return owned.error();
      for (std::size_t i = 0; i < owned->size(); ++i) {
        ReadSpan(stored.key, trace, some[i], (*owned)[i].span());
      }
    }
    return {};
  }

  void ReadSpan(const TraceKey& key, const Trace& trace, SpanIndex at, const Span& span) {
    const std::int64_t before = page_.found;
    if (!query_.role) {
      if (const std::optional<Value> value = ValueAt(span, query_.path)) {
        ReadPath(key, span, *value);
      }
    } else {
      ForEachRoleValue(
          conventions_.Read(span), trace.spans[at], *trace.words, span, *query_.role, query_.spans,
          [&](std::string_view text, std::string_view name) { Offer(key, span, text, name, {}); });
    }
    page_.found_spans += page_.found > before;
  }

  void ReadPath(const TraceKey& key, const Span& span, const Value& value) {
    std::string written;
    std::string_view text = value.text;
    if (!value.has_text()) {
      written = value.type == Value::Type::kBool   ? (value.integer != 0 ? "true" : "false")
                : value.type == Value::Type::kInt  ? std::to_string(value.integer)
                : value.type == Value::Type::kNull ? "null"
                                                   : std::to_string(value.real);
      text = written;
    }
    Offer(key, span, text, {}, query_.path);
  }

  // A text of the last model call that the root repeats is the answer without what is around it:
  // roots of some frameworks return their whole state.
  Result<void> ReadFinalAnswer(const StoredTrace& stored, const Trace& trace) {
    const LastWords last = LastWordsOf(trace);
    std::vector<SpanIndex> spans;
    if (last.root >= 0) spans.push_back(last.root);
    if (last.call >= 0 && last.call != last.root) spans.push_back(last.call);
    const Result<std::vector<OwnedSpan>> owned = Load(stored, trace, spans);
    if (!owned) return owned.error();
    const Span* root = last.root >= 0 ? &owned->front().span() : nullptr;
    const Span* call = last.call >= 0 ? &owned->back().span() : nullptr;
    std::string answer;
    if (root != nullptr) {
      const SpanFields& fields = conventions_.Read(*root);
      answer = root == call ? TextOfAnswer(fields) : fields.output.text;
    }
    if (call != nullptr && call != root) {
      const std::string_view said = TextOfAnswer(conventions_.Read(*call));
      const bool repeats = FindPiece(answer, said).length >= said.size();
      if (!said.empty() && (answer.empty() || repeats)) {
        Offer(stored.key, *call, said, {}, {});
        ++page_.found_spans;
        return {};
      }
    }
    if (!answer.empty()) {
      Offer(stored.key, *root, AnswerOf(*root, root == call), {}, {});
      ++page_.found_spans;
    }
    return {};
  }

  // Read again, so that the text is a view of the span.
  std::string_view AnswerOf(const Span& span, bool model_call) {
    const SpanFields& fields = conventions_.Read(span);
    return model_call ? TextOfAnswer(fields) : fields.output.text;
  }

  void Offer(const TraceKey& key, const Span& span, std::string_view text, std::string_view name,
             std::string_view path) {
    ++page_.found;
    keeper_.Offer(key, span.span_id, text, name, [&] {
      ReadValue value;
      value.key = key;
      value.span_id = span.span_id;
      value.path = path;
      if (path.empty()) {
        ValuePlace place = PlaceOf(span, text);
        value.path = std::move(place.path);
        value.offset = place.offset;
      }
      value.name = name;
      value.text = CutText(text, query_.characters);
      value.bytes = text.size();
      return value;
    });
  }

  Store& store_;
  const ValueQuery& query_;
  ValuePage& page_;
  Keeper& keeper_;
  Conventions conventions_;
};

}  // namespace

Result<ValuePage> Engine::ReadValues(const Question& question, const ValueQuery& query,
                                     const Progress& progress) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  Result<std::vector<TraceStart>> runs = impl_->store->TraceStarts(*prepared);
  if (!runs) return runs.error();
  std::erase_if(*runs, [&](const TraceStart& run) { return run.start_ns > query.newest_ns; });
  ValuePage page;
  page.passed_runs = static_cast<std::int64_t>(runs->size());
  if (!runs->empty()) page.newest_ns = std::min(query.newest_ns, runs->front().start_ns);
  if (query.sample != ValueSample::kLast) std::reverse(runs->begin(), runs->end());

  Keeper keeper(query);
  Reader reader(*impl_->store, query, page, keeper);
  const bool to_the_end = NeedsAll(query) || runs->size() <= kAlwaysCounted;
  const Clock::time_point deadline = Clock::now() + kReadTime;
  for (const TraceStart& run : *runs) {
    if (!to_the_end && keeper.full()) break;
    if (page.read_runs > 0 && Clock::now() >= deadline) {
      page.out_of_time = true;
      break;
    }
    if (prepared->stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    Result<StoredTrace> stored = impl_->refresher->LoadMerged(run.key);
    ++page.read_runs;
    if (!stored) {
      ++page.lost_runs;
      continue;
    }
    const Trace trace = BuildTrace(stored->key.project, stored->key.trace_id, *stored->words,
                                   std::move(stored->spans));
    if (!reader.Read(*stored, trace)) ++page.lost_runs;
    if (progress && page.read_runs % kProgressEvery == 0) {
      progress(static_cast<double>(page.read_runs), static_cast<double>(page.passed_runs),
               "traces read");
    }
  }
  page.complete = page.read_runs == page.passed_runs;
  keeper.Finish(page);
  return page;
}

}  // namespace halo
