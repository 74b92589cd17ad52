// SPDX-License-Identifier: MIT
#include "engine/ingest/refresh.h"

#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/analyse_trace.h"
#include "engine/analysis/apply_rules.h"
#include "engine/codec/facts_codec.h"
#include "engine/ingest/log_twins.h"
#include "engine/ingest/trace_rewriter.h"
#include "engine/trace/trace.h"

namespace halo {
namespace {

constexpr std::size_t kListed = 200'000;    // stale traces per run
constexpr std::int64_t kPutSpans = 20'000;  // spans per group of analyses that are stored together
constexpr std::size_t kPutTraces = 512;
constexpr std::int32_t kManySegments = 16;

// With growth factor g, all analyses of a trace that arrives one span at a time cost g / (g - 1)
// times the last one. Including the small sizes and the final one, that is below 3.
constexpr std::int64_t kSmallTrace = 200;
constexpr double kGrowth = 2.5;

}  // namespace

bool IsDue(const StaleTrace& trace, std::int64_t now_ns, const SettleRule& rule) {
  return trace.complete || trace.spans <= kSmallTrace ||
         static_cast<double>(trace.spans) >= kGrowth * static_cast<double>(trace.analysed_spans) ||
         now_ns - trace.arrived_ns >= rule.quiet_ns;
}

Result<AnalysedTrace> Refresher::Analyse(TraceRewriter& rewriter, const TraceKey& key, Refresh what,
                                         Patience patience) {
  Result<StoredTrace> stored = store_.LoadTrace(key);
  if (!stored) return stored.error();
  bool recompute = what == Refresh::kRecomputeAll;
  if (!recompute && mixed_rules_) {
    const Result<TraceSummary> before = store_.LoadSummary(key);
    recompute = before && before->judged_by != rules_.stamp_hash;
  }

  AnalysedTrace out;
  bool rewrite = false;
  auto versions = rewriter.MergeSpanVersions(*stored, rewrite, patience);
  if (!versions) return versions.error();
  out.versions = std::move(*versions);
  if (recompute) {
    if (const Result<void> done = rewriter.RecomputeFacts(*stored); !done) return done.error();
  }
  // Log records that form one span are not versions that contradict each other.
  const std::int32_t revised = HasLogs(stored->spans) ? 0 : stored->revised_spans;
  const auto spans = static_cast<std::int64_t>(stored->spans.size());
  // As they are before BuildTrace, which completes some from others that may still change.
  if (rewrite || recompute || stored->segments > kManySegments) {
    out.facts = EncodeFacts(stored->spans, *stored->words);
  }
  if (const Result<void> done = rewriter.JoinLogTwins(*stored); !done) return done.error();
  Trace trace = BuildTrace(stored->key.project, stored->key.trace_id, *stored->words,
                           std::move(stored->spans));
  trace.health.duplicate_ids = revised;
  trace.thresholds = rules_.config.thresholds;
  out.summary = AnalyseTrace(trace);
  ApplyRules(rules_.config.rules, trace, out.summary);
  out.summary.judged_by = rules_.stamp_hash;
  analysed_spans_ += static_cast<std::int64_t>(trace.spans.size());

  out.key = stored->key;
  out.generation = stored->generation;
  out.spans = spans;
  return out;
}

void Refresher::ReleaseTurn::operator()(Refresher* refresher) const {
  {
    const std::lock_guard lock(refresher->mutex_);
    refresher->busy_ = false;
  }
  refresher->idle_.notify_one();
}

Refresher::Turn Refresher::TakeTurn(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const auto is_idle = [this] { return !busy_; };
  if (deadline == std::chrono::steady_clock::time_point::max()) {
    idle_.wait(lock, is_idle);
  } else if (!idle_.wait_until(lock, deadline, is_idle)) {
    return nullptr;
  }
  busy_ = true;
  return Turn(this);
}

Result<std::int64_t> Refresher::Run(Refresh what, std::int64_t now_ns,
                                    std::chrono::steady_clock::time_point deadline,
                                    std::stop_token stop,
                                    const std::function<void(double, double)>& progress,
                                    Patience patience) {
  const Turn turn = TakeTurn(deadline);
  if (!turn) return 0;  // another thread is refreshing
  Result<std::vector<StaleTrace>> stale = store_.StaleTraces(kListed);
  if (!stale) return stale.error();
  if (what == Refresh::kDue) {
    std::erase_if(*stale, [&](const StaleTrace& trace) {
      return !IsDue(trace, now_ns, rules_.config.settle);
    });
  }
  if (stale->empty()) return 0;

  TraceRewriter rewriter(store_, rules_);
  std::vector<AnalysedTrace> analysed;
  std::int64_t spans = 0, done = 0;
  const auto put = [&]() -> Result<void> {
    if (analysed.empty()) return {};
    const Result<void> stored = store_.PutAnalyses(analysed, patience);
    done += static_cast<std::int64_t>(analysed.size());
    analysed.clear();
    spans = 0;
    if (progress) progress(static_cast<double>(done), static_cast<double>(stale->size()));
    return stored;
  };
  for (const StaleTrace& trace : *stale) {
    if (stop.stop_requested() || std::chrono::steady_clock::now() >= deadline) break;
    Result<AnalysedTrace> one = Analyse(rewriter, trace.key, what, patience);
    // A damaged trace keeps its last analysis; the store reports the damage.
    if (!one && one.error().code == Code::kCorrupt) continue;
    if (!one) return one.error();
    spans += one->spans;
    analysed.push_back(std::move(*one));
    if (spans >= kPutSpans || analysed.size() >= kPutTraces) {
      if (const Result<void> stored = put(); !stored) return stored.error();
    }
  }
  if (const Result<void> stored = put(); !stored) return stored.error();
  return done;
}

Result<StoredTrace> Refresher::LoadMerged(const TraceKey& key) {
  Result<StoredTrace> stored = store_.LoadTrace(key);
  if (!stored) return stored;
  bool changed = false;
  TraceRewriter rewriter(store_, rules_);
  const auto versions = rewriter.MergeSpanVersions(*stored, changed, std::nullopt);
  if (!versions) return versions.error();
  if (const Result<void> done = rewriter.JoinLogTwins(*stored); !done) return done.error();
  return stored;
}

}  // namespace halo
