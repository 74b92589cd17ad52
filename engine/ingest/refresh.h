// SPDX-License-Identifier: MIT
// Updates the analyses of changed traces: merges versions of spans, recomputes facts of older
// rules, merges segments, runs the detectors.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>

#include "engine/base/result.h"
#include "engine/ingest/rules.h"
#include "engine/ingest/trace_rewriter.h"
#include "engine/store/store.h"

namespace halo {

// Which stale traces are analysed now.
enum class Refresh : std::uint8_t {
  // Traces that have settled, are small, or have grown a lot since their last analysis. A long
  // trace that arrives one span at a time is analysed at sizes that grow by a constant factor, so
  // that all analyses together cost less than twice the last one, and once more after it settles.
  kDue,
  kAll,          // every stale trace
  kRecomputeAll  // every stale trace, with facts recomputed from the stored payloads
};

// Thread-safe. One refresh at a time runs in a process. If two processes refresh the same trace,
// the store keeps the analysis that saw more.
class Refresher {
 public:
  Refresher(Store& store, const Rules& rules) : store_(store), rules_(rules) {}

  // Whether the store has facts of other rules; Run recomputes those.
  void SetMixedRules(bool mixed) { mixed_rules_ = mixed; }

  // Returns the number of analysed traces. Stops at `deadline`, leaving the rest stale. Each write
  // waits `patience` for other writers and then fails with kUnavailable; earlier analyses are
  // stored.
  Result<std::int64_t> Run(Refresh what, std::int64_t now_ns,
                           std::chrono::steady_clock::time_point deadline, std::stop_token stop,
                           const std::function<void(double, double)>& progress,
                           Patience patience = kPatient);

  // Loads the stored trace and merges the versions of each span. Writes nothing.
  Result<StoredTrace> LoadMerged(const TraceKey& key);

  // Number of spans in all analyses so far; tests bound the cost of live traces by it.
  std::int64_t analysed_spans() const { return analysed_spans_; }

 private:
  // The exclusive right to refresh; null if the deadline came first.
  struct ReleaseTurn {
    void operator()(Refresher* refresher) const;
  };
  using Turn = std::unique_ptr<Refresher, ReleaseTurn>;
  Turn TakeTurn(std::chrono::steady_clock::time_point deadline);
  Result<AnalysedTrace> Analyse(TraceRewriter& rewriter, const TraceKey& key, Refresh what,
                                Patience patience);

  Store& store_;
  const Rules& rules_;
  // busy_: whether a thread is refreshing. Not a std::timed_mutex, because the thread sanitizer of
  // GCC 12 does not understand its timed lock.
  std::mutex mutex_;
  std::condition_variable idle_;
  bool busy_ = false;
  bool mixed_rules_ = false;
  std::int64_t analysed_spans_ = 0;
};

// Whether Refresh::kDue analyses a stale trace.
bool IsDue(const StaleTrace& trace, std::int64_t now_ns, const SettleRule& rule = {});

}  // namespace halo
