// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <shared_mutex>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/checkpointer.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/notices.h"
#include "engine/store/sqlite/page_checks.h"
#include "engine/store/sqlite/readers.h"
#include "engine/store/sqlite/schema.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/text_search.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/store/sqlite/writer_lease.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/summary_codec.h"
#include "engine/summaries/summary_table.h"
#include "engine/summaries/trace_order.h"
#include "schemas/nearest.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyMs = 10'000;
constexpr std::size_t kPayloadCache = 16 << 20;
constexpr std::size_t kFactsCache = 4 << 20;
constexpr std::size_t kMinPrefix = 6;
constexpr std::int64_t kMostReserved = 1 << 20;  // rows, before they are read
// A page of a search ends at the first pause after this long.
constexpr std::chrono::milliseconds kSearchTime{2000};
constexpr std::size_t kFirstWave = 64;  // traces
constexpr std::size_t kLargestWave = 1 << 14;
constexpr std::int64_t kMostSources = 1 << 26;
constexpr const char* kDamaged =
    "the store is damaged; run `halo-mcp doctor --repair`, then ingest the same files again";

// Runs a verb; what is thrown inside this folder becomes its error.
template <class Verb>
auto Guarded(DamageLog& damage, Verb&& verb) -> decltype(verb()) {
  try {
    return verb();
  } catch (const SqliteError& error) {
    return ToError(error);
  } catch (const DamagedPart& part) {
    damage.Note(part.part, part.id);
    return part.error;
  } catch (const StoreException& failure) {
    // What is not found may be what is damaged.
    if (failure.error.code == Code::kNotFound && damage.any()) {
      return Error{Code::kCorrupt, failure.error.message + "; " + kDamaged};
    }
    return failure.error;
  } catch (const std::bad_alloc&) {
    if (damage.any()) return Error{Code::kCorrupt, kDamaged};  // a size that was read from it
    return Error{Code::kUnavailable, "out of memory"};
  } catch (const std::length_error&) {
    return Error{Code::kCorrupt, kDamaged};
  }
}

struct FoundTrace {
  std::int64_t id = 0;
  TraceKey key;
  std::int64_t generation = 0, summary = 0, arrived_ns = 0, source = 0, segments = 0;
  bool stale = false;
};

constexpr const char* kFindExact =
    "SELECT id, project, trace_id, generation, summary, arrived_ns, source, segments, checksum, "
    "stale FROM traces WHERE trace_id = ?1 AND (project = ?2 OR ?2 = '') ORDER BY project LIMIT 1";
constexpr const char* kFindAfter =
    "SELECT id, project, trace_id, generation, summary, arrived_ns, source, segments, checksum, "
    "stale FROM traces WHERE trace_id >= ?1 AND (project = ?2 OR ?2 = '') ORDER BY trace_id, "
    "project "
    "LIMIT ?3";

FoundTrace ReadFound(const Query& row) {
  FoundTrace found{row.Int(0), {row.Text(1), row.Text(2)},
                   row.Int(3), row.Int(4),
                   row.Int(5), row.Int(6),
                   row.Int(7), row.Int(9) != 0};
  if (TraceChecksum(found.id, found.key) != row.Int(8)) {
    throw DamagedPart(StoredPart::kTrace, found.id, "does not pass its checksum");
  }
  return found;
}

// For messages, which have no fences: what is more than an id or a name is not repeated.
std::string Told(const std::string& word) {
  const bool plain = word.empty() || IsPlainId(word) || IsPlainName(word);
  return plain ? word : "(of " + std::to_string(word.size()) + " bytes)";
}

Error NoSuchTrace(Database& database, const TraceKey& key) {
  std::string message = "no trace " + Told(key.trace_id);
  if (!key.project.empty()) message += " in project " + Told(key.project);
  const std::int64_t known_traces = database.Number("SELECT traces FROM state");
  if (database.Number("SELECT count(*) FROM traces") < known_traces) {
    throw DamagedPart(StoredPart::kMissingTrace, 0,
                      "and perhaps others are missing (" + message + ")");
  }
  if (known_traces == 0) {
    return {Code::kNotFound,
            message + ": the store holds no traces yet; fill it with `halo-mcp ingest PATH...`"};
  }
  {
    Query other = database.Ask("SELECT project FROM traces WHERE trace_id = ? ORDER BY project",
                               key.trace_id);
    if (other.Step()) {
      return {Code::kNotFound, message + "; it is in project " + Told(other.Text(0))};
    }
  }
  // Ids that begin alike stand together in the index.
  std::vector<std::string> near;
  for (std::size_t length = std::min<std::size_t>(key.trace_id.size(), 8); near.empty();
       length /= 2) {
    const std::string prefix = key.trace_id.substr(0, length);
    Query rows = database.Ask(kFindAfter, prefix, key.project, std::int64_t{200});
    while (rows.Step() && rows.Bytes(2).starts_with(prefix)) {
      if (IsPlainId(rows.Bytes(2))) near.push_back(rows.Text(2));
    }
    if (length == 0) break;
  }
  const std::vector<std::string_view> known(near.begin(), near.end());
  const std::string_view nearest = Nearest(key.trace_id, known);
  if (!nearest.empty()) {
    message.append("; did you mean ").append(nearest).append("?");
  } else if (!known.empty()) {
    message += SuggestWord({}, std::span(known).first(std::min<std::size_t>(known.size(), 3)));
  }
  return {Code::kNotFound, message};
}

// By id, or by a prefix of it that only one trace has.
Result<FoundTrace> FindTrace(Database& database, TraceKey key) {
  // As answers show one that is too long.
  constexpr std::string_view kCut = "…";
  {
    Query exact = database.Ask(kFindExact, key.trace_id, key.project);
    if (exact.Step()) return ReadFound(exact);
  }
  if (key.trace_id.ends_with(kCut)) key.trace_id.resize(key.trace_id.size() - kCut.size());
  if (key.trace_id.size() < kMinPrefix) return NoSuchTrace(database, key);
  std::vector<FoundTrace> found;
  {
    Query rows = database.Ask(kFindAfter, key.trace_id, key.project, std::int64_t{2});
    while (rows.Step() && rows.Bytes(2).starts_with(key.trace_id)) found.push_back(ReadFound(rows));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return NoSuchTrace(database, key);
  return Error{Code::kNotFound, "several traces begin with " + Told(key.trace_id) + ", such as " +
                                    Told(found[0].key.trace_id) + " and " +
                                    Told(found[1].key.trace_id)};
}

std::optional<Outcome> LabelOf(Database& database, const TraceKey& key) {
  Query label = database.Ask(
      "SELECT outcome FROM labels WHERE trace_id = ? AND project IN (?, '') "
      "ORDER BY project DESC LIMIT 1",
      key.trace_id, key.project);
  if (!label.Step()) return std::nullopt;
  return static_cast<Outcome>(label.Int(0));
}

std::optional<SourcePosition> ReadSource(Query& row) {
  if (!row.Step()) return std::nullopt;
  const auto bits = [&](int column) { return static_cast<std::uint64_t>(row.Int(column)); };
  SourcePosition source;
  source.key = row.Text(0);
  source.offset = bits(1);
  source.size = bits(2);
  source.mtime_ns = row.Int(3);
  source.head_hash = bits(4);
  source.tail_hash = bits(5);
  source.resumable = row.Int(6) != 0;
  source.complete = row.Int(7) != 0;
  return source;
}

class SqliteStore final : public Store {
  // What a verb returns, as a Result whether it already is one or not.
  template <class T>
  struct AsResult {
    using Type = Result<T>;
  };
  template <class T>
  struct AsResult<Result<T>> {
    using Type = Result<T>;
  };

  // One transaction. It takes its turn among all writers.
  template <class Verb>
  auto Write(Verb&& verb) {
    return Write(kPatient, std::forward<Verb>(verb));
  }
  template <class Verb>
  auto Write(Patience patience, Verb&& verb) {
    using Answer = typename AsResult<decltype(verb(*writer_))>::Type;
    return Guarded(damage_, [&]() -> Answer {
      const WriterLease lease = ValueOrThrow(WriterLease::Take(path_ + "-lease", patience));
      const std::lock_guard lock(write_mutex_);
      writer_->SetBusyTimeout(static_cast<int>(std::min<std::int64_t>(patience.count(), kBusyMs)));
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

  // One view of the store.
  template <class Verb>
  auto Read(Verb&& verb) {
    using Answer = typename AsResult<decltype(verb(*writer_))>::Type;
    return Guarded(damage_, [&]() -> Answer {
      ReaderPool::Handle database = readers_.Take();
      Transaction transaction(*database, Transaction::Kind::kRead);
      return verb(*database);
    });
  }

  // A question to the summary table, brought up to date first.
  using Timings = SummaryTable::Timings;
  template <class Verb>
  auto Ask(Verb&& verb, Timings timings = Timings::kSkip) {
    using Answer = typename AsResult<decltype(verb())>::Type;
    return Guarded(damage_, [&]() -> Answer {
      Refresh(timings);
      const std::shared_lock lock(table_mutex_);
      return verb();
    });
  }
  // The same; what was left off when it was asked to stop is no answer.
  template <class Verb>
  auto Ask(const Question& question, Verb&& verb, Timings timings = Timings::kSkip) {
    auto answer = Ask(std::forward<Verb>(verb), timings);
    if (answer && question.stop.stop_requested()) {
      answer = Error{Code::kCancelled, "the question was cancelled"};
    }
    return answer;
  }

 public:
  SqliteStore(std::string path, std::unique_ptr<Database> writer)
      : path_(std::move(path)),
        file_(IdentityOf(path_)),
        log_(IdentityOf(path_ + "-wal")),
        log_index_(IdentityOf(path_ + "-shm")),
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

  Result<AppendReceipt> Append(std::span<const Batch> batches, Patience patience) override {
    return Write(patience, [&](Database& db) { return AppendBatches(db, versions_, batches); });
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

  Result<std::vector<StaleTrace>> StaleTraces(std::size_t limit) override {
    return Read([&](Database& db) {
      std::vector<StaleTrace> stale;
      Query rows = db.Ask(
          "SELECT project, trace_id, spans, analysed_spans, arrived_ns, coalesce(complete, 0) "
          "FROM traces LEFT JOIN sources ON sources.id = traces.source WHERE stale "
          "ORDER BY generation, traces.id LIMIT ?",
          static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
      while (rows.Step()) {
        stale.push_back({{rows.Text(0), rows.Text(1)},
                         rows.Int(2),
                         rows.Int(3),
                         rows.Int(4),
                         rows.Int(5) != 0});
      }
      return stale;
    });
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
    return Read([&](Database& db) -> Result<StoredTrace> {
      const FoundTrace found = ValueOrThrow(FindTrace(db, key));
      StoredTrace trace;
      trace.key = found.key;
      trace.generation = found.generation;
      trace.stale = found.stale;
      trace.arrived_ns = found.arrived_ns;
      trace.segments = static_cast<std::int32_t>(found.segments);
      trace.words = std::make_shared<StringPool>();
      if (found.source != 0) {
        Query row = db.Ask(
            "SELECT key, position, size, mtime_ns, head_hash, tail_hash, resumable, complete "
            "FROM sources WHERE id = ?",
            found.source);
        trace.source = ReadSource(row);
      }
      trace.label = LabelOf(db, found.key);
      const std::int64_t spans =
          db.Number("SELECT sum(spans) FROM segments WHERE trace = ?", found.id);
      trace.spans.reserve(static_cast<std::size_t>(std::clamp<std::int64_t>(spans, 0, 1 << 20)));
      Query rows = db.Ask(
          "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
          "checksum FROM segments WHERE trace = ? ORDER BY number",
          found.id);
      std::vector<SpanVersion> versions;
      std::int64_t missing = found.segments;
      for (; rows.Step(); --missing) {
        const SegmentRow row = CheckedSegment(rows);
        const BlockCache::Bytes block =
            facts_.Get(row.facts, [&] { return LoadFacts(db, row.facts); });
        ValueOrThrow(DecodeSegment(*block, row, *trace.words, trace.spans));
        UnpackVersions(rows.Bytes(7), versions);
      }
      if (missing > 0) throw DamagedPart(StoredPart::kSegment, found.id, "is missing");
      trace.revised_spans = RevisedSpans(std::move(versions));
      return trace;
    });
  }

  Result<TraceSummary> LoadSummary(const TraceKey& key) override {
    return Read([&](Database& db) -> Result<TraceSummary> {
      SummaryBlock block;
      return SummaryOf(db, ValueOrThrow(FindTrace(db, key)), block);
    });
  }

  Result<std::vector<Result<TraceSummary>>> LoadSummaries(std::span<const TraceKey> keys) override {
    return Read([&](Database& db) {
      std::vector<Result<TraceSummary>> summaries(keys.size(), Error{Code::kNotFound, {}});
      std::vector<std::pair<FoundTrace, std::size_t>> found;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        Result<FoundTrace> trace = Guarded(damage_, [&] { return FindTrace(db, keys[i]); });
        if (trace) {
          found.emplace_back(std::move(*trace), i);
        } else {
          summaries[i] = trace.error();
        }
      }
      std::sort(found.begin(), found.end(),
                [](const auto& a, const auto& b) { return a.first.summary < b.first.summary; });
      SummaryBlock block;
      for (const auto& [trace, i] : found) {
        summaries[i] = Guarded(damage_, [&] { return SummaryOf(db, trace, block); });
      }
      return summaries;
    });
  }

  Result<std::vector<std::string>> ReadPayloads(std::span<const PayloadRef> refs) override {
    return Read([&](Database& db) -> Result<std::vector<std::string>> {
      std::vector<std::string> payloads;
      payloads.reserve(refs.size());
      for (const PayloadRef& ref : refs) {
        const BlockCache::Bytes block =
            payloads_.Get(ref.block, [&] { return LoadPayload(db, ref.block); });
        if (ref.offset > block->size() || ref.length > block->size() - ref.offset) {
          return Error{Code::kCorrupt, "a payload lies outside its block"};
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
    return Ask(question, [&] { return AnswerOverview(table_, question); });
  }

  Result<std::vector<ModeStats>> Modes(const Question& question, ModeId only) override {
    return Ask(question, [&] { return AnswerModes(table_, question, only); });
  }

  Result<std::pair<OverviewStats, std::vector<ModeStats>>> OverviewAndModes(
      const Question& question, ModeId only) override {
    return Ask(question, [&] { return AnswerOverviewAndModes(table_, question, only); });
  }

  Result<std::vector<OperationStats>> Operations(const Question& question,
                                                 OperationGroup group) override {
    return Ask(
        question, [&] { return AnswerOperations(table_, question, group); }, Timings::kRead);
  }

  Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                           std::string_view cursor) override {
    return Ask(question,
               [&] { return ValueOrThrow(AnswerTraces(table_, question, sort, limit, cursor)); });
  }

  Result<SearchPage> Search(const Question& question, const TextPattern& pattern, std::size_t limit,
                            std::string_view cursor, std::stop_token stop,
                            const std::function<void(double, double)>& progress) override {
    return Guarded(damage_, [&]() -> Result<SearchPage> {
      const TextMatcher matcher = ValueOrThrow(TextMatcher::Make(pattern));
      SearchPage page;
      // Only the plan is made under the table's lock: a search is long, and others ask meanwhile.
      const std::vector<SearchStop> traces = ValueOrThrow(PlanSearch(question, cursor, page));
      const auto deadline = std::chrono::steady_clock::now() + kSearchTime;
      std::size_t wave = kFirstWave;
      std::size_t done = 0;
      std::vector<std::int64_t> ids;
      while (done < traces.size() && page.hits.size() < limit &&
             (done == 0 || std::chrono::steady_clock::now() < deadline)) {
        const std::size_t end = std::min(done + wave, traces.size());
        ids.clear();
        for (std::size_t i = done; i < end; ++i) ids.push_back(traces[i].trace);
        std::vector<TraceMatch> matches =
            SearchTraces(readers_, facts_, ids, matcher, stop, damage_);
        if (stop.stop_requested()) return Error{Code::kCancelled, "the search was cancelled"};
        std::size_t scanned = end;
        for (TraceMatch& match : matches) {
          if (page.hits.size() == limit) break;
          const std::size_t at = done + match.index;
          if (page.hits.size() + 1 == limit) scanned = at + 1;
          page.hits.push_back(HitOf(std::move(match), traces[at].trace, question));
        }
        done = scanned;
        // Few at first, so that a common text is found at once; then more at a time, so that
        // blocks which hold spans of many traces are not read again for each.
        wave = std::min(wave * 4, kLargestWave);
        if (progress) progress(static_cast<double>(done), static_cast<double>(traces.size()));
      }
      page.scanned_traces = static_cast<std::int64_t>(done);
      page.complete = done == traces.size();
      if (!page.complete && done > 0) page.next_cursor = traces[done - 1].cursor();
      return page;
    });
  }

  Result<std::int64_t> PutLabels(std::span<const Label> labels) override {
    return Write([&](Database& db) {
      State state = ReadState(db);
      state.labels_changed = ++state.sequence;
      std::int64_t known = 0;
      for (const Label& label : labels) {
        if (label.outcome == Outcome::kUnknown) {
          db.Run("DELETE FROM labels WHERE trace_id = ? AND project = ?", label.key.trace_id,
                 label.key.project);
        } else {
          db.Run("INSERT OR REPLACE INTO labels (trace_id, project, outcome) VALUES (?, ?, ?)",
                 label.key.trace_id, label.key.project, static_cast<std::int64_t>(label.outcome));
        }
        known += db.Number(
            "SELECT EXISTS (SELECT 1 FROM traces WHERE trace_id = ?1 AND (project = ?2 OR ?2 = "
            "''))",
            label.key.trace_id, label.key.project);
      }
      WriteState(db, state);
      return known;
    });
  }

  Result<void> PutTriage(const Triage& triage) override {
    return Write([&](Database& db) {
      State state = ReadState(db);
      ++state.sequence;
      WriteState(db, state);
      db.Run(
          "INSERT OR REPLACE INTO triages (mode, status, reason, decided_ns, expires_ns) "
          "VALUES (?, ?, ?, ?, ?)",
          static_cast<std::int64_t>(triage.mode), static_cast<std::int64_t>(triage.status),
          triage.reason, triage.decided_ns, triage.expires_ns);
    });
  }

  Result<std::vector<Triage>> Triages() override {
    return Read([&](Database& db) {
      std::vector<Triage> triages;
      Query rows =
          db.Ask("SELECT mode, status, reason, decided_ns, expires_ns FROM triages ORDER BY mode");
      while (rows.Step()) {
        triages.push_back({static_cast<ModeId>(rows.Int(0)), static_cast<TriageStatus>(rows.Int(1)),
                           rows.Text(2), rows.Int(3), rows.Int(4)});
      }
      return triages;
    });
  }

  Result<std::vector<RejectCount>> Rejects() override {
    return Read([&](Database& db) {
      std::vector<RejectCount> rejects;
      // The first of each reason stands for it.
      Query rows = db.Ask(
          "SELECT reason, count, coalesce(key, ''), rejects.position, detail FROM rejects "
          "LEFT JOIN sources ON sources.id = rejects.source "
          "ORDER BY reason, coalesce(key, ''), rejects.position");
      while (rows.Step()) {
        if (rejects.empty() || rejects.back().reason != rows.Bytes(0)) {
          rejects.push_back({rows.Text(0), 0, rows.Text(2), rows.Text(4),
                             static_cast<std::uint64_t>(rows.Int(3))});
        }
        rejects.back().count += rows.Int(1);
      }
      return rejects;
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

  Result<void> CheckIntact() override {
    const FileIdentity now = IdentityOf(path_);
    if (now == file_) return {};
    std::string message = "the store " + path_ + " was " +
                          (now.exists() ? "replaced by another file" : "deleted") +
                          " while this program had it open, so nothing is read or stored. ";
    if (!now.exists()) {
      message += "Put the store back, or make a new one with `halo-mcp doctor --store " + path_ +
                 "`; this program then goes on with that";
    } else if (!MayReopen()) {
      // SQLite would replay the log of the one store into the other.
      message +=
          "The log of the store before is still beside it: end all programs that use it, "
          "delete " +
          path_ + "-wal and " + path_ + "-shm, and start them again";
    } else {
      message += "Start this program again";
    }
    return Error{Code::kUnavailable, message};
  }

  bool MayReopen() const override {
    const auto is_new = [](const FileIdentity& now, const FileIdentity& then) {
      return !now.exists() || now != then;
    };
    const FileIdentity now = IdentityOf(path_);
    return now.exists() && now != file_ && is_new(IdentityOf(path_ + "-wal"), log_) &&
           is_new(IdentityOf(path_ + "-shm"), log_index_);
  }

  Result<void> PostNotice(std::string_view text) override { return notices_.Post(text); }
  std::vector<std::string> Notices() override { return notices_.OfOthers(); }

  Result<StoreInfo> Info() override {
    return Read([&](Database& db) {
      const State state = ReadState(db);
      StoreInfo info;
      info.url = "sqlite:" + path_;
      info.schema_version = SchemaVersion();
      std::error_code missing;
      for (const char* suffix : {"", "-wal"}) {
        const std::uintmax_t size = fs::file_size(path_ + suffix, missing);
        if (!missing) info.bytes += static_cast<std::int64_t>(size);
      }
      info.payload_bytes = state.payload_bytes;
      info.traces = state.traces;
      info.spans = state.spans;
      info.stale_traces = db.Number("SELECT count(*) FROM traces WHERE stale");
      info.sources = db.Number("SELECT count(*) FROM sources");
      return info;
    });
  }

  std::vector<StoreDamage> Damage() override { return damage_.List(); }

  Result<std::int64_t> Sequence() override {
    return Read([](Database& db) { return db.Number("SELECT sequence FROM state"); });
  }

 private:
  // Many traces have their summaries in one block: it is kept from one to the next.
  struct SummaryBlock {
    std::int64_t id = 0;
    SummaryColumns columns;
  };

  static Result<TraceSummary> SummaryOf(Database& db, const FoundTrace& found,
                                        SummaryBlock& block) {
    if (found.summary == 0) {
      return Error{Code::kUnavailable,
                   "trace " + Told(found.key.trace_id) + " is not analysed yet"};
    }
    Query row =
        db.Ask("SELECT id, checksum, bytes FROM summaries WHERE id >= ? ORDER BY id LIMIT 1",
               found.summary);
    if (row.Step() && row.Int(0) != block.id) {
      block = {};
      ValueOrThrow(DecodeColumns(CheckedBlock(row, StoredPart::kSummary, row.Int(0), 1),
                                 Detail::kAll, block.columns));
      block.id = row.Int(0);
    }
    for (std::size_t i = block.columns.size(); i-- > 0;) {
      if (block.columns.trace_row[i] != found.id) continue;
      TraceSummary summary = SummaryAt(block.columns, i);
      if (const auto label = LabelOf(db, found.key)) {
        summary.outcome = *label;
        summary.outcome_rule = OutcomeRule::kLabel;
      }
      return summary;
    }
    return Error{Code::kCorrupt,
                 "the summary of trace " + Told(found.key.trace_id) + " is missing"};
  }

  // A trace to search, and how to go on after it.
  struct SearchStop {
    std::int64_t trace;
    std::int64_t start_ns;
    std::string project, trace_id;

    std::string cursor() const {
      return MakeCursor({start_ns, start_ns, project, trace_id, 0}, TraceSort::kNewest);
    }
  };

  Result<std::vector<SearchStop>> PlanSearch(const Question& question, std::string_view cursor,
                                             SearchPage& page) {
    Refresh(Timings::kSkip);
    const std::shared_lock lock(table_mutex_);
    const std::vector<SummaryTable::Row> rows = MatchingRows(table_, question.filter);
    page.matched_by_filter = static_cast<std::int64_t>(rows.size());
    std::vector<ListPlace> places =
        ValueOrThrow(PlacesAfter(table_, rows, TraceSort::kNewest, cursor));
    std::sort(places.begin(), places.end());
    std::vector<SearchStop> traces;
    traces.reserve(places.size());
    for (const ListPlace& place : places) {
      traces.push_back({table_.columns().trace_row[place.row], place.start_ns,
                        std::string(place.project), std::string(place.trace_id)});
    }
    return traces;
  }

  SearchHit HitOf(TraceMatch match, std::int64_t trace, const Question& question) {
    const std::shared_lock lock(table_mutex_);
    SearchHit hit;
    hit.trace = RowOf(table_, table_.RowOfTrace(trace), question);
    hit.matches = match.matches;
    hit.span_id = std::move(match.span_id);
    hit.path = std::move(match.path);
    hit.offset = match.range.offset;
    hit.length = match.range.length;
    hit.excerpt = std::move(match.excerpt);
    hit.excerpt_offset = match.excerpt_offset;
    return hit;
  }

  void Refresh(Timings timings) {
    const std::lock_guard refreshing(refresh_mutex_);
    ReaderPool::Handle db = readers_.Take();
    Transaction transaction(*db, Transaction::Kind::kRead);
    const State state = ReadState(*db);
    if (state.repaired != seen_.repaired) {
      damage_.Clear();
      SummaryTable table(table_.has_timings() ? Timings::kRead : timings);
      Update(*db, State(), state, table);
      const std::unique_lock lock(table_mutex_);
      table_ = std::move(table);
    } else if (timings == Timings::kRead && !table_.has_timings()) {
      // Built aside: others go on asking the old one.
      SummaryTable table(timings);
      Update(*db, State(), state, table);
      const std::unique_lock lock(table_mutex_);
      table_ = std::move(table);
    } else if (state.sequence != seen_.sequence) {
      const std::unique_lock lock(table_mutex_);
      Update(*db, seen_, state, table_);
    }
    seen_ = state;
  }

  // Adds to the table what has happened between two states.
  void Update(Database& db, const State& from, const State& to, SummaryTable& table) {
    {
      Query blocks =
          db.Ask("SELECT id, traces, checksum, bytes FROM summaries WHERE id > ? ORDER BY id",
                 from.sequence);
      const auto next = [&, detail = table.detail()]() -> std::optional<ColumnBlock> {
        while (blocks.Step()) {
          try {
            return ValueOrThrow(UnpackColumns(
                CheckedBlock(blocks, StoredPart::kSummary, blocks.Int(0), 2), detail));
          } catch (const DamagedPart& part) {
            damage_.Note(part.part, part.id, blocks.Int(1));
          }
        }
        return std::nullopt;
      };
      for (std::optional<ColumnBlock> block = next(); block;) {
        // Meanwhile on another thread, if there is one.
        auto following = std::async(std::launch::async | std::launch::deferred, next);
        const bool first = table.rows() == 0;
        ValueOrThrow(table.Add(*block));
        if (first) {
          table.Reserve(
              static_cast<std::size_t>(std::clamp<std::int64_t>(to.traces, 0, kMostReserved)));
        }
        block = following.get();
      }
    }
    if (from.sequence == 0) {
      const std::int64_t none =
          db.Number("SELECT count(*) FROM traces WHERE stale AND summary = 0");
      const std::int64_t missing = to.traces - none - static_cast<std::int64_t>(table.live_rows());
      if (missing > 0) damage_.Note(StoredPart::kMissingSummary, 0, missing);
    }
    {
      Query grown =
          db.Ask("SELECT id, arrived_ns, source_set FROM traces WHERE stale AND generation > ?",
                 from.sequence);
      while (grown.Step()) table.Grow(grown.Int(0), grown.Int(1), grown.Int(2));
    }
    if (to.sources_changed > from.sources_changed) LoadSources(db, table);
    if (to.labels_changed > from.labels_changed) LoadLabels(db, table);
  }

  static void LoadSources(Database& db, SummaryTable& table) {
    std::vector<bool> source_complete;
    {
      Query rows = db.Ask("SELECT id FROM sources WHERE complete");
      while (rows.Step()) {
        if (rows.Int(0) < 0 || rows.Int(0) > kMostSources) continue;
        const auto id = static_cast<std::size_t>(rows.Int(0));
        if (id >= source_complete.size()) source_complete.resize(id * 2 + 16);
        source_complete[id] = true;
      }
    }
    std::vector<bool> complete;
    Query rows = db.Ask("SELECT id, members FROM source_sets");
    while (rows.Step()) {
      if (rows.Int(0) < 0 || rows.Int(0) > kMostSources) continue;
      const auto id = static_cast<std::size_t>(rows.Int(0));
      bool all = true;
      for (const std::int64_t member : ParseMembers(rows.Bytes(1))) {
        const auto at = static_cast<std::size_t>(member);
        all = all && at < source_complete.size() && source_complete[at];
      }
      if (id >= complete.size()) complete.resize(id * 2 + 16);
      complete[id] = all;
    }
    table.SetCompleteSources(std::move(complete));
  }

  static void LoadLabels(Database& db, SummaryTable& table) {
    SummaryTable::Labels labels;
    Query rows = db.Ask("SELECT trace_id, project, outcome FROM labels");
    while (rows.Step()) {
      labels.emplace(rows.Text(0), std::pair(rows.Text(1), static_cast<Outcome>(rows.Int(2))));
    }
    table.SetLabels(std::move(labels));
  }

  const std::string path_;
  DamageLog damage_;
  const FileIdentity file_, log_, log_index_;
  std::mutex write_mutex_;
  const std::unique_ptr<Database> writer_;  // under write_mutex_, as are the next two
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

  std::mutex refresh_mutex_;
  State seen_;  // what the table knows; under refresh_mutex_
  std::shared_mutex table_mutex_;
  SummaryTable table_;
};

// The folder and an empty file, for the user alone: a store holds prompts.
Result<void> CreateFile(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) {
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
      missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
      if (mkdir(at->c_str(), 0700) != 0 && errno != EEXIST) {
        return Error{Code::kUnavailable,
                     "cannot create the folder " + at->string() + ": " + std::strerror(errno)};
      }
    }
  }
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{Code::kUnavailable, "cannot open " + path + ": " + std::strerror(errno)};
  }
  close(file);
  return {};
}

// SQLite would say so only at the first query, and in fewer words.
Result<void> CheckFile(const std::string& path) {
  std::array<char, 16> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  if (file.gcount() == 0) return {};
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  if (std::string_view(head.data(), static_cast<std::size_t>(file.gcount())) != kMagic) {
    return Error{Code::kCorrupt, path +
                                     " is not a halo-mcp store (not an SQLite file); name another "
                                     "file with --store, or move this one away"};
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& path) {
  DamageLog damage;
  return Guarded(damage, [&]() -> Result<std::unique_ptr<Store>> {
    ValueOrThrow(CreateFile(path));
    ValueOrThrow(CheckFile(path));
    auto writer = std::make_unique<Database>(path, SQLITE_OPEN_READWRITE, kBusyMs);
    ValueOrThrow(CheckSchema(*writer, path));
    if (NeedsMigration(*writer)) {
      const WriterLease lease = ValueOrThrow(WriterLease::Take(path + "-lease", kPatient));
      MakeTables(*writer);
    }
    // Only now, since another process may have made the tables just before.
    int room = -1;  // asks
    sqlite3_file_control(writer->handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &room);
    if (room != kPageCheckBytes) return Error{Code::kCorrupt, kDamaged};
    writer->Script(
        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; "
        "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384;");
    return std::unique_ptr<Store>(new SqliteStore(path, std::move(writer)));
  });
}

}  // namespace halo
