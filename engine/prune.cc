// SPDX-License-Identifier: MIT
#include "engine/prune.h"

#include <algorithm>
#include <span>
#include <vector>

namespace halo {
namespace {

constexpr std::size_t kListed = 5'000;          // traces that are chosen at once
constexpr std::size_t kRemovedTraces = 256;     // in one transaction
constexpr std::int64_t kRemovedSpans = 20'000;  // in one transaction, unless one trace has more
constexpr int kMostRounds = 32;

class Pruner {
 public:
  Pruner(Store& store, Question question, const PruneOptions& options)
      : store_(store), question_(std::move(question)), options_(options) {
    question_.filter.project = options.project;
  }

  Result<PruneReport> Run() {
    const Result<StoreInfo> before = store_.Info();
    if (!before) return before.error();
    report_.bytes_before = before->bytes;
    total_ = before->traces;
    if (options_.dry_run) return Estimate(*before);
    if (const Result<void> done = RemoveOlder(); !done) return done.error();
    if (const Result<void> done = RemoveUntilSmall(); !done) return done.error();
    if (const Result<void> done = store_.ReclaimSpace(options_.stop); !done) return done.error();
    const Result<StoreInfo> after = store_.Info();
    if (!after) return after.error();
    report_.bytes_after = after->bytes;
    report_.stopped = options_.stop.stop_requested();
    return report_;
  }

 private:
  Result<std::vector<AgedTrace>> Oldest(std::optional<std::int64_t> before_ns, std::size_t limit) {
    question_.filter.until_ns = before_ns;
    return store_.OldestTraces(question_, limit);
  }

  void Count(const AgedTrace& trace) {
    ++report_.traces;
    report_.spans += trace.spans;
    if (report_.oldest_ns == 0) report_.oldest_ns = trace.start_ns;
    report_.oldest_ns = std::min(report_.oldest_ns, trace.start_ns);
    report_.newest_ns = std::max(report_.newest_ns, trace.start_ns);
  }

  // Returns how many it removed: traces that have grown since they were listed remain.
  Result<std::int64_t> Remove(std::span<const AgedTrace> traces) {
    std::int64_t removed = 0;
    while (!traces.empty() && !options_.stop.stop_requested()) {
      std::size_t count = 0;
      for (std::int64_t spans = 0; count < std::min(traces.size(), kRemovedTraces); ++count) {
        spans += traces[count].spans;
        if (count > 0 && spans > kRemovedSpans) break;
      }
      const Result<RemovalReceipt> receipt = store_.RemoveTraces(traces.first(count));
      if (!receipt) return receipt.error();
      removed += receipt->traces;
      report_.traces += receipt->traces;
      report_.spans += receipt->spans;
      if (receipt->traces > 0) {
        if (report_.oldest_ns == 0) report_.oldest_ns = traces.front().start_ns;
        report_.oldest_ns = std::min(report_.oldest_ns, traces.front().start_ns);
        report_.newest_ns = std::max(report_.newest_ns, traces[count - 1].start_ns);
      }
      traces = traces.subspan(count);
      if (options_.progress) {
        options_.progress(static_cast<double>(report_.traces), static_cast<double>(total_),
                          "traces removed");
      }
    }
    return removed;
  }

  Result<void> RemoveOlder() {
    if (!options_.before_ns) return {};
    while (!options_.stop.stop_requested()) {
      const Result<std::vector<AgedTrace>> traces = Oldest(options_.before_ns, kListed);
      if (!traces) return traces.error();
      const Result<std::int64_t> removed = Remove(*traces);
      if (!removed) return removed.error();
      if (*removed == 0) break;
    }
    return {};
  }

  // The size of single traces is not known, so it removes as many as should suffice by their number
  // of spans, measures, and goes on.
  Result<void> RemoveUntilSmall() {
    if (!options_.max_bytes) return {};
    for (int round = 0; !options_.stop.stop_requested(); ++round) {
      if (const Result<void> done = store_.ReclaimSpace(options_.stop); !done) return done;
      const Result<StoreInfo> info = store_.Info();
      if (!info) return info.error();
      if (info->used_bytes <= *options_.max_bytes) return {};
      report_.too_large = true;
      if (round == kMostRounds) return {};
      const Result<std::vector<AgedTrace>> traces = Oldest({}, kListed);
      if (!traces) return traces.error();
      // At least twice as many as the round before: blocks only shrink once a part of them is
      // unused.
      const std::size_t least = std::size_t{1} << std::min(round, 12);
      const std::size_t count = std::min(
          traces->size(), std::max(least, CountToRemove(*traces, *info, info->used_bytes)));
      const Result<std::int64_t> removed = Remove(std::span(*traces).first(count));
      if (!removed) return removed.error();
      if (*removed == 0) return {};
      report_.too_large = false;
      if (count == kListed) round = -1;  // more are listed in the next round
    }
    return {};
  }

  // How many of the traces to remove so that `bytes` become max_bytes, by their share of all spans.
  std::size_t CountToRemove(const std::vector<AgedTrace>& traces, const StoreInfo& info,
                            std::int64_t bytes) const {
    const double per_span =
        static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(1, info.spans));
    auto excess = static_cast<double>(bytes - *options_.max_bytes);
    std::size_t count = 0;
    while (count < traces.size() && excess > 0) {
      excess -= per_span * static_cast<double>(traces[count].spans);
      ++count;
    }
    return count;
  }

  Result<PruneReport> Estimate(const StoreInfo& info) {
    std::vector<AgedTrace> chosen;
    if (options_.before_ns) {
      Result<std::vector<AgedTrace>> old = Oldest(options_.before_ns, SIZE_MAX);
      if (!old) return old.error();
      chosen = std::move(*old);
    }
    for (const AgedTrace& trace : chosen) Count(trace);
    const double per_span = static_cast<double>(info.used_bytes) /
                            static_cast<double>(std::max<std::int64_t>(1, info.spans));
    const auto left = [&] {
      return info.used_bytes -
             static_cast<std::int64_t>(per_span * static_cast<double>(report_.spans));
    };
    if (options_.max_bytes) {
      const Result<std::vector<AgedTrace>> all = Oldest({}, SIZE_MAX);
      if (!all) return all.error();
      for (std::size_t i = chosen.size(); i < all->size() && left() > *options_.max_bytes; ++i) {
        Count((*all)[i]);
      }
      report_.too_large = left() > *options_.max_bytes;
    }
    report_.bytes_after = left();
    return report_;
  }

  Store& store_;
  Question question_;
  const PruneOptions& options_;
  PruneReport report_;
  std::int64_t total_ = 0;
};

}  // namespace

Result<PruneReport> PruneStore(Store& store, const Question& question,
                               const PruneOptions& options) {
  return Pruner(store, question, options).Run();
}

}  // namespace halo
