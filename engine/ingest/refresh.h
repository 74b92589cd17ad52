// SPDX-License-Identifier: MIT
// Brings the analyses of changed traces up to date: unites versions of spans, recomputes facts
// that other rules computed, merges segments, runs the detectors.
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

// How much of what is stale is analysed now.
enum class Refresh : std::uint8_t {
  // What is settled, small, or has grown by a lot since it was analysed. A long trace that is fed
  // one span at a time is analysed at sizes that grow by a factor, so that all analyses together
  // cost less than two of the last one, and once more when it has settled.
  kDue,
  kAll,          // every stale trace
  kRecomputeAll  // ... and all facts from the stored payloads
};

// Thread-safe; one refresh at a time runs in a process, and of two processes that refresh the same
// trace the store takes the one that saw more.
class Refresher {
 public:
  Refresher(Store& store, const Rules& rules) : store_(store), rules_(rules) {}

  // Facts that other rules computed are recomputed along the way, if there are any in the store.
  void SetMixedRules(bool mixed) { mixed_rules_ = mixed; }

  // Returns how many traces were analysed. Stops at `deadline`, leaving the rest stale. Each of its
  // writes waits `patience` for other writers; then kUnavailable, and what was analysed before is
  // stored.
  Result<std::int64_t> Run(Refresh what, std::int64_t now_ns,
                           std::chrono::steady_clock::time_point deadline, std::stop_token stop,
                           const std::function<void(double, double)>& progress,
                           Patience patience = kPatient);

  // The trace with one version a span, as it is stored now.
  Result<StoredTrace> LoadUnited(const TraceKey& key);

  // Spans in all analyses so far: what tests hold the cost of live traces to.
  std::int64_t analysed_spans() const { return analysed_spans_; }

 private:
  // Given back when it dies; empty where the deadline came first.
  struct GiveBack {
    void operator()(Refresher* refresher) const;
  };
  using Turn = std::unique_ptr<Refresher, GiveBack>;
  Turn TakeTurn(std::chrono::steady_clock::time_point deadline);
  Result<AnalysedTrace> Analyse(TraceRewriter& rewriter, const TraceKey& key, Refresh what,
                                Patience patience);

  Store& store_;
  const Rules& rules_;
  // Whether a thread is at it; waited for with a deadline. No std::timed_mutex: the thread
  // sanitizer of GCC 12 does not see its locking by a deadline.
  std::mutex mutex_;
  std::condition_variable idle_;
  bool busy_ = false;
  bool mixed_rules_ = false;
  std::int64_t analysed_spans_ = 0;
};

// Whether a stale trace is analysed under Refresh::kDue.
bool IsDue(const StaleTrace& trace, std::int64_t now_ns, const SettleRule& rule = {});

}  // namespace halo
