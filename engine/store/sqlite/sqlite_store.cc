// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/sqlite_store.h"

#include <algorithm>
#include <mutex>
#include <type_traits>

#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/checkpointer.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/decisions.h"
#include "engine/store/sqlite/fix_rows.h"
#include "engine/store/sqlite/guard.h"
#include "engine/store/sqlite/live_table.h"
#include "engine/store/sqlite/notices.h"
#include "engine/store/sqlite/page_checks.h"
#include "engine/store/sqlite/paged_search.h"
#include "engine/store/sqlite/read_trace.h"
#include "engine/store/sqlite/readers.h"
#include "engine/store/sqlite/reclaim_space.h"
#include "engine/store/sqlite/rejects.h"
#include "engine/store/sqlite/remove_traces.h"
#include "engine/store/sqlite/reviews.h"
#include "engine/store/sqlite/schema.h"
#include "engine/store/sqlite/store_file.h"
#include "engine/store/sqlite/store_info.h"
#include "engine/store/sqlite/write_analyses.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/store/sqlite/writer_lease.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/held_findings.h"
#include "engine/summaries/summary_table.h"

namespace halo {
namespace {

constexpr int kBusyMs = 10'000;
constexpr std::size_t kPayloadCache = 16 << 20;
constexpr std::size_t kFactsCache = 4 << 20;
constexpr std::int64_t kPagesAtOnce = 256;  // given back in one transaction

class SqliteStore final : public Store {
  // Runs a verb in a write transaction, in turn with all other writers.
  template <class Verb>
  auto Write(Verb&& verb) {
    return Write(kPatient, std::forward<Verb>(verb));
  }
  template <class Verb>
  auto Write(Patience patience, Verb&& verb, Durability durability = Durability::kProcess) {
    using Answer = typename AsResult<decltype(verb(*writer_))>::Type;
    return Guarded(damage_, [&]() -> Answer {
      const WriterLease lease = ValueOrThrow(WriterLease::Take(path_ + "-lease", patience));
      const std::lock_guard lock(write_mutex_);
      writer_->SetBusyTimeout(static_cast<int>(std::min<std::int64_t>(patience.count(), kBusyMs)));
      writer_->SetDurability(durability);
      try {
        Transaction transaction(*writer_, Transaction::Kind::kWrite);
        if constexpr (std::is_void_v<decltype(verb(*writer_))>) {
          verb(*writer_);
          transaction.Commit();
          checkpointer_.Tend(wal_pages_);
          return {};
        } else {
          auto answer = verb(*writer_);
          transaction.Commit();
          checkpointer_.Tend(wal_pages_);
          return answer;
        }
      } catch (...) {
        versions_.Forget();
        throw;
      }
    });
  }

  // Runs a verb on a consistent snapshot of the store.
  template <class Verb>
  auto Read(Verb&& verb) {
    using Answer = typename AsResult<decltype(verb(*writer_))>::Type;
    return Guarded(damage_, [&]() -> Answer {
      ReaderPool::Handle database = readers_.Take();
      Transaction transaction(*database, Transaction::Kind::kRead);
      return verb(*database);
    });
  }

  // Asks the summary table, brought up to date first. An answer that stopped early is an error.
  using Timings = SummaryTable::Timings;
  template <class Verb>
  auto Ask(const Question& question, Verb&& verb, Timings timings = Timings::kSkip) {
    using Answer = typename AsResult<std::invoke_result_t<Verb, const SummaryTable&>>::Type;
    auto answer = Guarded(damage_, [&]() -> Answer {
      table_.Refresh(question.filter.behaviours.empty() ? timings : Timings::kRead);
      return table_.View(verb);
    });
    if (answer && question.stop.stop_requested()) {
      answer = Error{Code::kCancelled, "the question was cancelled"};
    }
    return answer;
  }
  template <class Verb>
  auto AskTimed(const Question& question, Verb&& verb) {
    return Ask(question, std::forward<Verb>(verb), Timings::kRead);
  }

 public:
  SqliteStore(std::string path, std::unique_ptr<Database> writer)
      : path_(std::move(path)),
        file_(path_),
        writer_(std::move(writer)),
        leases_(path_ + "-lease"),
        notices_(path_),
        readers_(path_, kBusyMs, damage_) {
    WatchPages(writer_->handle(), damage_, OnBadPage::kFail);
    sqlite3_wal_hook(
        writer_->handle(),
        [](void* pages, sqlite3*, const char*, int count) {
          *static_cast<int*>(pages) = count;
          return SQLITE_OK;
        },
        &wal_pages_);
  }

  using Store::Append;
  using Store::AppendPayloads;
  using Store::PutAnalyses;

  Result<AppendReceipt> Append(std::span<const Batch> batches, Patience patience,
                               Durability durability) override {
    const auto append = [&](Database& db) { return AppendBatches(db, versions_, batches); };
    return Write(patience, append, durability);
  }

  Result<std::optional<SourcePosition>> Source(std::string_view key) override {
    return Read([&](Database& db) {
      Query row = db.Ask(
          "SELECT key, position, size, mtime_ns, head_hash, tail_hash, resumable, complete "
          "FROM sources WHERE key = ?",
          key);
      return ReadSource(row);
    });
  }

  Result<bool> MoveSource(std::string_view from, std::string_view to) override {
    return Write([&](Database& db) {
      db.Run("UPDATE OR IGNORE sources SET key = ? WHERE key = ?", to, from);
      return db.changes() > 0;
    });
  }

  Result<std::vector<StaleTrace>> StaleTraces(std::size_t limit) override {
    return Read([&](Database& db) { return ReadStaleTraces(db, limit); });
  }

  Result<void> PutAnalyses(std::span<const AnalysedTrace> analyses, Patience patience) override {
    if (analyses.empty()) return {};
    return Write(patience, [&](Database& db) { WriteAnalyses(db, analyses); });
  }

  Result<void> MarkAllStale() override {
    return Write([&](Database& db) {
      State state = ReadState(db);
      ++state.sequence;
      db.Run("UPDATE traces SET stale = 1, generation = ?", state.sequence);
      WriteState(db, state);
    });
  }

  Result<StoredTrace> LoadTrace(const TraceKey& key) override {
    return Read([&](Database& db) { return ReadTrace(db, facts_, key); });
  }

  Result<std::vector<Result<LabelledTrace>>> FindTraces(std::span<const TraceKey> keys) override {
    return Read([&](Database& db) { return ReadLabelled(db, damage_, keys); });
  }

  Result<TraceSummary> LoadSummary(const TraceKey& key) override {
    return Read([&](Database& db) { return ReadSummary(db, key); });
  }

  Result<std::vector<Result<TraceSummary>>> LoadSummaries(std::span<const TraceKey> keys) override {
    return Read([&](Database& db) { return ReadSummaries(db, damage_, keys); });
  }

  Result<std::vector<std::string>> ReadPayloads(std::span<const PayloadRef> refs) override {
    return Read([&](Database& db) -> Result<std::vector<std::string>> {
      std::vector<std::string> payloads;
      payloads.reserve(refs.size());
      for (const PayloadRef& ref : refs) {
        const BlockCache::Bytes block =
            payloads_.Get(ref.block, [&] { return LoadPayload(db, ref.block); });
        if (ref.offset > block->size() || ref.length > block->size() - ref.offset) {
          return Error{Code::kCorrupt, "a payload is outside its block"};
        }
        payloads.emplace_back(*block, ref.offset, ref.length);
      }
      return payloads;
    });
  }

  Result<std::int64_t> AppendPayloads(std::span<const std::string> blocks,
                                      Patience patience) override {
    return Write(patience, [&](Database& db) {
      State state = ReadState(db);
      const std::int64_t first = state.next_payload;
      for (const std::string& block : blocks) PutPayload(db, state, state.next_payload++, block);
      WriteState(db, state);
      return first;
    });
  }

  Result<OverviewStats> Overview(const Question& question) override {
    return Ask(question, [&](const SummaryTable& t) { return AnswerOverview(t, question); });
  }

  Result<std::vector<ModeStats>> Modes(const Question& question, ModeId only) override {
    return Ask(question, [&](const SummaryTable& t) { return AnswerModes(t, question, only); });
  }

  Result<std::pair<OverviewStats, std::vector<ModeStats>>> OverviewAndModes(
      const Question& question, ModeId only) override {
    return Ask(question, [&](auto& t) { return AnswerOverviewAndModes(t, question, only); });
  }

  Result<void> KeepHeldFindings(const Question& question, TraceSummary& summary) override {
    return Ask(question, [&](const SummaryTable& table) -> Result<void> {
      halo::KeepHeldFindings(table, question, summary);
      return {};
    });
  }

  Result<std::vector<OperationStats>> Operations(const Question& q, OperationGroup by) override {
    return AskTimed(q, [&](auto& table) { return AnswerOperations(table, q, by); });
  }
  Result<Cohorts> Compare(const CohortQuestion& question) override {
    return AskTimed(question.base, [&](auto& table) { return AnswerCohorts(table, question); });
  }
  Result<halo::Bottlenecks> Bottlenecks(const Question& question) override {
    return AskTimed(question, [&](auto& table) { return AnswerBottlenecks(table, question); });
  }
  Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                           std::string_view cursor) override {
    return Ask(question, [&](const SummaryTable& table) {
      return ValueOrThrow(AnswerTraces(table, question, sort, limit, cursor));
    });
  }

  Result<std::vector<TraceStart>> TraceStarts(const Question& question) override {
    return Ask(question, [&](const SummaryTable& t) { return AnswerTraceStarts(t, question); });
  }

  Result<SearchPage> Search(const Question& question, const TextPattern& pattern, std::size_t limit,
                            std::string_view cursor, std::stop_token stop,
                            const std::function<void(double, double)>& progress) override {
    return Guarded(damage_, [&]() -> Result<SearchPage> {
      table_.Refresh(question.filter.behaviours.empty() ? Timings::kSkip : Timings::kRead);
      return search_.FindPage(question, pattern, limit, cursor, stop, progress);
    });
  }

  Result<std::int64_t> PutLabels(std::span<const Label> labels) override {
    return Write([&](Database& db) { return WriteLabels(db, labels); });
  }

  Result<std::vector<AgedTrace>> OldestTraces(const Question& q, std::size_t limit) override {
    return Ask(q, [&](auto& table) { return AnswerOldest(table, q, limit); });
  }

  Result<RemovalReceipt> RemoveTraces(std::span<const AgedTrace> traces) override {
    return Write([&](Database& db) { return DeleteTraces(db, traces); });
  }

  Result<void> ReclaimSpace(std::stop_token stop) override {
    return Guarded(damage_, [&]() -> Result<void> {
      TidySummaries(Access(), stop);
      ReclaimPayloads(Access(), stop);
      std::int64_t left = 1;
      while (left > 0 && !stop.stop_requested()) {
        left = ValueOrThrow(Write([](Database& db) { return GiveBackPages(db, kPagesAtOnce); }));
      }
      checkpointer_.ShrinkFile();
      return {};
    });
  }

  Result<std::int64_t> ForgetRemovals() override {
    return Write([](Database& db) { return ForgetRemovedTraces(db); });
  }

  Result<void> PutTriage(const Triage& triage) override {
    return Write([&](Database& db) { WriteTriage(db, triage); });
  }

  Result<std::vector<Triage>> Triages() override {
    return Read([](Database& db) { return ReadTriages(db); });
  }

  Result<std::vector<std::int64_t>> AddReviewEvents(std::span<const ReviewEvent> events,
                                                    std::optional<std::int64_t> after) override {
    return Write([&](Database& db) { return WriteReviewEvents(db, events, after); });
  }

  Result<std::vector<ReviewEvent>> ReviewEvents() override {
    return Read([](Database& db) { return ReadReviewEvents(db); });
  }

  Result<std::vector<RejectCount>> Rejects() override {
    return Read([](Database& db) { return ReadRejects(db); });
  }

  Result<bool> PutFix(const Fix& fix) override {
    return Write([&](Database& db) { return WriteFix(db, fix); });
  }

  Result<std::vector<Fix>> Fixes() override {
    return Read([](Database& db) { return ReadFixes(db); });
  }

  Result<void> EnterRuns(std::string_view fix, std::size_t target,
                         std::span<const std::uint64_t> runs) override {
    return Write([&](Database& db) { WriteEnteredRuns(db, fix, target, runs); });
  }

  Result<std::vector<std::set<std::uint64_t>>> EnteredRuns(std::string_view fix) override {
    return Read([&](Database& db) { return ReadEnteredRuns(db, fix); });
  }

  Result<ObservedRuns> ObserveRuns(const Question& question, const TraceFilter& after,
                                   std::span<const FixTarget> targets) override {
    return Ask(question, [&](const SummaryTable& table) {
      return AnswerRuns(table, question, after, targets);
    });
  }

  Result<std::optional<std::string>> Setting(std::string_view name) override {
    return Read([&](Database& db) -> std::optional<std::string> {
      Query row = db.Ask("SELECT value FROM settings WHERE name = ?", name);
      if (!row.Step()) return std::nullopt;
      return row.Text(0);
    });
  }

  Result<void> PutSetting(std::string_view name, std::string_view value) override {
    return Write([&](Database& db) {
      db.Run("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, Blob{value});
    });
  }

  Result<std::unique_ptr<Lease>> TryLease(std::string_view name) override {
    return leases_.Try(name);
  }

  Result<void> AwaitTurn(Patience patience) override {
    return Write(patience, [](Database&) {});
  }

  Result<void> CheckIntact() override { return file_.CheckIntact(); }
  bool MayReopen() const override { return file_.MayReopen(); }

  Result<void> PostNotice(std::string_view text) override { return notices_.Post(text); }
  std::vector<std::string> Notices() override { return notices_.OfOthers(); }

  Result<StoreInfo> Info() override {
    return Read([&](Database& db) { return ReadStoreInfo(db, path_); });
  }

  std::vector<StoreDamage> Damage() override { return damage_.List(); }

  Result<std::int64_t> Sequence() override {
    return Read([](Database& db) { return db.Number("SELECT sequence FROM state"); });
  }

 private:
  StoreAccess Access() {
    return {[this](const auto& step) {
              ValueOrThrow(
                  Read([&](Database& db) -> Result<void> { return step(db), Result<void>(); }));
            },
            [this](const auto& step) { ValueOrThrow(Write(step)); }};
  }

  const std::string path_;
  DamageLog damage_;
  const StoreFile file_;
  std::mutex write_mutex_;
  const std::unique_ptr<Database> writer_;  // guarded by write_mutex_, as are the next two
  KnownVersions versions_;
  int wal_pages_ = 0;
  Checkpointer checkpointer_{path_, [this](const std::function<void()>& move) {
                               const WriterLease lease =
                                   ValueOrThrow(WriterLease::Take(path_ + "-lease", kPatient));
                               const std::lock_guard lock(write_mutex_);
                               move();
                             }};

  NamedLeases leases_;
  NoticeFiles notices_;
  ReaderPool readers_;
  BlockCache payloads_{kPayloadCache};
  BlockCache facts_{kFactsCache};

  LiveTable table_{readers_, damage_};
  PagedSearch search_{table_, readers_, facts_, damage_};
};

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path) {
  DamageLog damage;
  return Guarded(damage, [&]() -> Result<std::unique_ptr<Store>> {
    ValueOrThrow(CreateStoreFile(path));
    ValueOrThrow(CheckStoreFile(path));
    auto writer = std::make_unique<Database>(path, SQLITE_OPEN_READWRITE, kBusyMs);
    ValueOrThrow(CheckSchema(*writer, path));
    if (NeedsMigration(*writer)) {
      const WriterLease lease = ValueOrThrow(WriterLease::Take(path + "-lease", kPatient));
      MakeTables(*writer);
    }
    // Checked only now, since another process may have made the tables meanwhile.
    int room = -1;  // read the value
    sqlite3_file_control(writer->handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &room);
    if (room != kPageCheckBytes) return Error{Code::kCorrupt, kDamaged};
    writer->Script(
        "PRAGMA wal_autocheckpoint = 0; "
        "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;");
    return std::unique_ptr<Store>(new SqliteStore(path, std::move(writer)));
  });
}

}  // namespace halo
