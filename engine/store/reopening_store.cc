// SPDX-License-Identifier: MIT
#include "engine/store/reopening_store.h"

#include <atomic>
#include <mutex>
#include <utility>

#include "engine/model/bottlenecks.h"
#include "engine/model/cohorts.h"

namespace halo {
namespace {

class ReopeningStore final : public Store {
 public:
  ReopeningStore(StoreOpener open, std::string path, std::unique_ptr<Store> store)
      : open_(std::move(open)), path_(std::move(path)), store_(std::move(store)) {}

  using Store::Append;
  using Store::AppendPayloads;
  using Store::PutAnalyses;

  Result<AppendReceipt> Append(std::span<const Batch> batches, Patience patience,
                               Durability durability) override {
    return With([&](Store& store) { return store.Append(batches, patience, durability); });
  }
  Result<std::optional<SourcePosition>> Source(std::string_view key) override {
    return With([&](Store& store) { return store.Source(key); });
  }
  Result<std::vector<StaleTrace>> StaleTraces(std::size_t limit) override {
    return With([&](Store& store) { return store.StaleTraces(limit); });
  }
  Result<void> PutAnalyses(std::span<const AnalysedTrace> analyses, Patience patience) override {
    return With([&](Store& store) { return store.PutAnalyses(analyses, patience); });
  }
  Result<void> MarkAllStale() override {
    return With([](Store& store) { return store.MarkAllStale(); });
  }
  Result<StoredTrace> LoadTrace(const TraceKey& key) override {
    return With([&](Store& store) { return store.LoadTrace(key); });
  }
  Result<TraceSummary> LoadSummary(const TraceKey& key) override {
    return With([&](Store& store) { return store.LoadSummary(key); });
  }
  Result<std::vector<Result<TraceSummary>>> LoadSummaries(std::span<const TraceKey> keys) override {
    return With([&](Store& store) { return store.LoadSummaries(keys); });
  }
  Result<std::vector<std::string>> ReadPayloads(std::span<const PayloadRef> refs) override {
    return With([&](Store& store) { return store.ReadPayloads(refs); });
  }
  Result<std::int64_t> AppendPayloads(std::span<const std::string> blocks,
                                      Patience patience) override {
    return With([&](Store& store) { return store.AppendPayloads(blocks, patience); });
  }
  Result<OverviewStats> Overview(const Question& question) override {
    return With([&](Store& store) { return store.Overview(question); });
  }
  Result<std::vector<ModeStats>> Modes(const Question& question, ModeId only) override {
    return With([&](Store& store) { return store.Modes(question, only); });
  }
  Result<std::pair<OverviewStats, std::vector<ModeStats>>> OverviewAndModes(
      const Question& question, ModeId only) override {
    return With([&](Store& store) { return store.OverviewAndModes(question, only); });
  }
  Result<std::vector<OperationStats>> Operations(const Question& question,
                                                 OperationGroup group) override {
    return With([&](Store& store) { return store.Operations(question, group); });
  }
  Result<Cohorts> Compare(const CohortQuestion& question) override {
    return With([&](Store& store) { return store.Compare(question); });
  }
  Result<halo::Bottlenecks> Bottlenecks(const Question& question) override {
    return With([&](Store& store) { return store.Bottlenecks(question); });
  }
  Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                           std::string_view cursor) override {
    return With([&](Store& store) { return store.Traces(question, sort, limit, cursor); });
  }
  Result<SearchPage> Search(const Question& question, const TextPattern& pattern, std::size_t limit,
                            std::string_view cursor, std::stop_token stop,
                            const std::function<void(double, double)>& progress) override {
    return With([&](Store& store) {
      return store.Search(question, pattern, limit, cursor, stop, progress);
    });
  }
  Result<std::vector<Result<LabelledTrace>>> FindTraces(std::span<const TraceKey> keys) override {
    return With([&](Store& store) { return store.FindTraces(keys); });
  }
  Result<bool> MoveSource(std::string_view from, std::string_view to) override {
    return With([&](Store& store) { return store.MoveSource(from, to); });
  }
  Result<std::vector<AgedTrace>> OldestTraces(const Question& question,
                                              std::size_t limit) override {
    return With([&](Store& store) { return store.OldestTraces(question, limit); });
  }
  Result<RemovalReceipt> RemoveTraces(std::span<const AgedTrace> traces) override {
    return With([&](Store& store) { return store.RemoveTraces(traces); });
  }
  Result<void> ReclaimSpace(std::stop_token stop) override {
    return With([&](Store& store) { return store.ReclaimSpace(stop); });
  }
  Result<std::int64_t> ForgetRemovals() override {
    return With([&](Store& store) { return store.ForgetRemovals(); });
  }
  Result<std::int64_t> PutLabels(std::span<const Label> labels) override {
    return With([&](Store& store) { return store.PutLabels(labels); });
  }
  Result<void> PutTriage(const Triage& triage) override {
    return With([&](Store& store) { return store.PutTriage(triage); });
  }
  Result<std::vector<Triage>> Triages() override {
    return With([](Store& store) { return store.Triages(); });
  }
  Result<bool> PutFix(const Fix& fix) override {
    return With([&](Store& store) { return store.PutFix(fix); });
  }
  Result<std::vector<Fix>> Fixes() override {
    return With([](Store& store) { return store.Fixes(); });
  }
  Result<void> EnterRuns(std::string_view fix, std::size_t target,
                         std::span<const std::uint64_t> runs) override {
    return With([&](Store& store) { return store.EnterRuns(fix, target, runs); });
  }
  Result<std::vector<std::set<std::uint64_t>>> EnteredRuns(std::string_view fix) override {
    return With([&](Store& store) { return store.EnteredRuns(fix); });
  }
  Result<ObservedRuns> ObserveRuns(const Question& question, const TraceFilter& after,
                                   std::span<const FixTarget> targets) override {
    return With([&](Store& store) { return store.ObserveRuns(question, after, targets); });
  }
  Result<std::vector<RejectCount>> Rejects() override {
    return With([](Store& store) { return store.Rejects(); });
  }
  Result<std::optional<std::string>> Setting(std::string_view name) override {
    return With([&](Store& store) { return store.Setting(name); });
  }
  Result<void> PutSetting(std::string_view name, std::string_view value) override {
    return With([&](Store& store) { return store.PutSetting(name, value); });
  }
  Result<std::unique_ptr<Lease>> TryLease(std::string_view name) override {
    return With([&](Store& store) { return store.TryLease(name); });
  }
  Result<void> AwaitTurn(Patience patience) override {
    return With([&](Store& store) { return store.AwaitTurn(patience); });
  }
  Result<void> CheckIntact() override {
    return With([](Store&) { return Result<void>(); });
  }
  int replacements() const override { return replacements_; }
  Result<StoreInfo> Info() override {
    return With([](Store& store) { return store.Info(); });
  }
  Result<std::int64_t> Sequence() override {
    // The sequence of a replacement must differ from those seen before.
    return With([this](Store& store) -> Result<std::int64_t> {
      const Result<std::int64_t> sequence = store.Sequence();
      if (!sequence) return sequence;
      return *sequence + (std::int64_t{replacements_} << 48);
    });
  }

  // These report problems of the store, so they do not require an intact one.
  Result<void> PostNotice(std::string_view text) override { return Held()->PostNotice(text); }
  std::vector<std::string> Notices() override { return Held()->Notices(); }
  std::vector<StoreDamage> Damage() override { return Held()->Damage(); }

 private:
  template <class Verb>
  std::invoke_result_t<Verb, Store&> With(Verb&& verb) {
    const Result<std::shared_ptr<Store>> store = Current();
    if (!store) return store.error();
    return verb(**store);
  }

  std::shared_ptr<Store> Held() {
    const std::lock_guard lock(mutex_);
    return store_;
  }

  Result<std::shared_ptr<Store>> Current() {
    const std::lock_guard lock(mutex_);
    const Result<void> intact = store_->CheckIntact();
    if (intact) return store_;
    if (!store_->MayReopen()) return intact.error();
    Result<std::unique_ptr<Store>> opened = open_(path_);
    if (!opened) return opened.error();
    // Calls in progress finish on the store that they started with.
    store_ = std::move(*opened);
    ++replacements_;
    return store_;
  }

  const StoreOpener open_;
  const std::string path_;
  std::mutex mutex_;
  std::shared_ptr<Store> store_;
  std::atomic<int> replacements_ = 0;
};

}  // namespace

Result<std::unique_ptr<Store>> OpenReopening(StoreOpener open, std::string path) {
  Result<std::unique_ptr<Store>> store = open(path);
  if (!store) return store.error();
  return std::unique_ptr<Store>(
      std::make_unique<ReopeningStore>(std::move(open), std::move(path), std::move(*store)));
}

}  // namespace halo
