// SPDX-License-Identifier: MIT
// The C++ API of the product: traces in, ranked and explained failure modes out. Thread-safe; all
// state lives in the store, which several engines and processes may share. Questions bring the
// analysis of changed traces up to date before they answer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/rank.h"
#include "engine/base/result.h"
#include "engine/codec/span_codec.h"
#include "engine/ingest/follow_status.h"
#include "engine/ingest/ingest_report.h"
#include "engine/model/config.h"
#include "engine/model/question.h"
#include "engine/store/store.h"
#include "engine/trace/trace.h"

namespace halo {

struct EngineOptions {
  std::string store_url;         // see OpenStore
  std::optional<Config> config;  // absent: the one kept in the store, else the defaults
  // Makes `config` the store's; Reanalyse should follow. Else the store's holds, and a difference
  // is reported in the provenance.
  bool adopt_config = false;
  int threads = 0;  // workers of an ingest; 0: one a core
};

// What the numbers rest on; goes with every answer.
struct Provenance {
  std::int64_t stale_traces = 0;  // changed, and not yet analysed again
  // Why they could not be analysed, and since when: the store cannot be written. Empty: they can.
  std::string stale_why;
  std::int64_t stale_since_ns = 0;
  std::string stamp_warning;        // empty, or: judged by other rules than this program's
  std::vector<StoreDamage> damage;  // what is left out of the answers for it
  FollowStatus following;           // of this process, then of others
};

struct ModeRanking {
  std::vector<RankedMode> modes;  // best first, one-offs included
  OverviewStats totals;           // of the same filter
};

// One trace in full, analysed from its spans as they are stored now.
struct TraceReading {
  StoredTrace stored;  // versions united
  Trace trace;         // refers to stored.words
  TraceSummary summary;
  bool settled = true;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(EngineOptions options);
  ~Engine();

  // Files and folders, "-" for standard input. What cannot be taken is in the report; fails where
  // there is nothing to read.
  Result<IngestReport> IngestPaths(std::span<const std::string> paths,
                                   const IngestOptions& options);
  // An input that is already in memory; `name` stands for it in reports.
  Result<IngestReport> IngestBytes(std::string_view name, std::string_view bytes,
                                   const IngestOptions& options);
  // Imports `paths` and whatever is added to them, until asked to stop. One process follows a file
  // at a time; the others see what it stores. Nothing that fails ends it: what does is in the
  // provenance for as long as it lasts, and is tried again.
  void Follow(std::span<const std::string> paths, const FollowOptions& options);

  // Recomputes facts, findings and summaries of every trace from the stored payloads.
  Result<std::int64_t> Reanalyse(const Progress& progress, std::stop_token stop);
  Result<std::int64_t> PutLabels(std::span<const Label> labels);
  Result<Triage> PutTriage(Triage triage);  // kNotFound names the nearest modes

  Result<OverviewStats> Overview(const Question& question);
  Result<ModeRanking> RankedModes(const Question& question);
  // One mode. Where the question has none of it but the store does, it has no units, and its rate
  // is an upper bound over those that are eligible. kNotFound names the nearest ids.
  Result<RankedMode> Mode(const Question& question, ModeId id);
  Result<std::vector<OperationStats>> Operations(const Question& question, OperationGroup group);
  Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                           std::string_view cursor);
  Result<SearchPage> Search(const Question& question, const TextPattern& pattern, std::size_t limit,
                            std::string_view cursor, std::stop_token stop,
                            const Progress& progress);
  // An empty project means any; a unique prefix of at least 6 characters of the id will do.
  Result<TraceReading> ReadTrace(const TraceKey& key, std::stop_token stop = {});
  Result<std::vector<OwnedSpan>> ReadSpans(const TraceReading& reading,
                                           std::span<const SpanIndex> spans);
  // The stored texts of quotes of one trace, which is read once; in their order, empty where the
  // payload no longer has the text.
  Result<std::vector<std::string>> QuoteTexts(const TraceKey& key,
                                              std::span<const StoredQuote> quotes);
  // Traces as they were judged last: findings with their evidence, waste, outcome. In the order of
  // the keys, each with its own error; traces that are stored together are read together.
  Result<std::vector<Result<TraceSummary>>> Summaries(std::span<const TraceKey> keys);

  Result<std::vector<RejectCount>> Rejects();
  Result<StoreInfo> Info();
  // Another number whenever an answer may have changed: for those who watch.
  Result<std::int64_t> Sequence();
  Result<Provenance> CurrentProvenance();
  // Fails with kUnavailable, and says why, where nothing could be stored within `patience`.
  Result<void> CheckWritable(Patience patience);
  // What is not followed as asked, by this process and by others. Works without the store.
  FollowStatus Following();
  const Config& config() const;
  std::string_view price_date() const;

 private:
  Engine();
  Error UnknownMode(const Question& question, ModeId id);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
