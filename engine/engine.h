// SPDX-License-Identifier: MIT
// The C++ API of the product: traces in, ranked and explained failure modes out. Thread-safe; all
// state is in the store, which several engines and processes may share. Questions analyse changed
// traces before they answer.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/judge_fix.h"
#include "engine/analysis/rank.h"
#include "engine/analysis/rule_precision.h"
#include "engine/base/result.h"
#include "engine/codec/span_codec.h"
#include "engine/ingest/follow_status.h"
#include "engine/ingest/ingest_report.h"
#include "engine/ingest/received_message.h"
#include "engine/model/config.h"
#include "engine/model/fix.h"
#include "engine/model/question.h"
#include "engine/model/workspace.h"
#include "engine/prune.h"
#include "engine/read_evidence.h"
#include "engine/read_values.h"
#include "engine/search_runs.h"
#include "engine/sql/run_sql.h"
#include "engine/store/store.h"
#include "engine/trace/trace.h"

namespace halo {

class Importing;
class ReviewBook;

struct EngineOptions {
  std::string store_url;         // see OpenStore
  std::optional<Config> config;  // absent: the store's configuration, else the defaults
  // Stores `config` in place of the store's configuration; call Reanalyse afterwards. If false, the
  // store's configuration applies, and a difference is reported in the provenance.
  bool adopt_config = false;
  int threads = 0;  // workers of an ingest; 0: one per core
  Workspace workspace{};
};

// The state and limits of the data in an answer; accompanies every answer.
struct Provenance {
  std::int64_t stale_traces = 0;  // changed, and not yet analysed again
  // The reason why their analyses cannot be stored, and since when; empty: they can be stored.
  std::string stale_why;
  std::int64_t stale_since_ns = 0;
  std::string stamp_warning;        // not empty: analysed by other rules than this program's
  std::vector<StoreDamage> damage;  // answers omit the contents of these parts
  FollowStatus following;           // of this process, then of others
  // Why nothing can be received at the port of this process, and since when; empty: it can, or
  // there is no such port.
  std::string not_receiving;
  std::int64_t not_receiving_since_ns = 0;
};

struct ModeRanking {
  std::vector<RankedMode> modes;  // best first, one-offs included
  OverviewStats totals;           // of the same filter
};

struct RecordedFix {
  Fix fix;
  bool is_new = true;               // false: it was recorded before, and nothing changed
  std::vector<RankedMode> targets;  // along fix.targets
};

// By their first traces.
struct FixRuns {
  std::vector<TraceKey> before, after;
};

struct RerunPlan {
  TaskDraw draw;
  std::int64_t runs = 0;  // eligible ones of the drawn tasks, so far
};

struct VerifiedFix {
  FixJudgement judgement;
  std::vector<ModeId> entries;          // what each target is part of by now; 0: nothing
  std::vector<std::string> categories;  // of notes: the name of each target; empty: none
  std::string not_kept;  // why the runs that entered could not be stored; empty: they are
};

// One whole trace, analysed from the spans that are stored now.
struct TraceReading {
  StoredTrace stored;  // with the versions of each span merged
  Trace trace;         // refers to stored.words
  TraceSummary summary;
  bool settled = true;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(EngineOptions options);
  ~Engine();

  // Imports files and folders, or standard input for "-". The report lists refused files and counts
  // rejected parts. Fails if there is nothing to read.
  Result<IngestReport> IngestPaths(std::span<const std::string> paths,
                                   const IngestOptions& options);
  // Imports an input in memory; `name` identifies it in reports.
  Result<IngestReport> IngestBytes(std::string_view name, std::string_view bytes,
                                   const IngestOptions& options);
  // Imports of files under allowed folders and of connections (engine/ingest/importing.h).
  Importing& importing();
  // Imports `paths` and everything that is added to them, until options.stop is requested. Each
  // file is followed by one process at a time; the others see the stored data. Failures do not end
  // it: each is retried, and is in the provenance as long as it lasts.
  void Follow(std::span<const std::string> paths, const FollowOptions& options);

  // Stores a message that arrived over OTLP/HTTP and acknowledges it once it is durable: on any
  // thread, perhaps before this returns. Decodes it on the calling thread.
  void Receive(const ReceivedMessage& message, Acknowledge acknowledge);
  // Counts something that was received and cannot be kept, under a name of reject_reasons.h.
  void CountReceived(std::string_view reason, std::string_view detail);
  // Sets Provenance::not_receiving.
  void SetNotReceiving(std::string why);

  // Recomputes facts, findings and summaries of every trace from the stored payloads.
  Result<std::int64_t> Reanalyse(const Progress& progress, std::stop_token stop);
  // All or none of them. Without a time, the label is given now. Redacts secrets in who and why.
  // Returns how many name a known trace.
  Result<std::int64_t> PutLabels(std::span<const Label> labels);
  // What happened in reviews, by id.
  Result<std::vector<ReviewEvent>> ReviewEvents();
  // What follows from them; never null.
  Result<std::shared_ptr<const ReviewBook>> Reviews();
  // Store::AddReviewEvents. Without a time, events happen now. Redacts secrets in what readers say.
  Result<std::vector<std::int64_t>> AddReviewEvents(std::vector<ReviewEvent> events,
                                                    std::optional<std::int64_t> after = {});
  // The traces that these ids, or unique prefixes of at least 6 characters, name; each with its own
  // error. An empty project means any.
  Result<std::vector<Result<LabelledTrace>>> FindTraces(std::span<const TraceKey> keys);
  // Removes old traces, in short steps while others use the store. What it removed stays away when
  // its sources are read again, until ForgetPruned, which returns the number of such traces.
  Result<PruneReport> Prune(const PruneOptions& options);
  Result<std::int64_t> ForgetPruned();
  // Of a failure mode, or of a category of readers. kNotFound names the nearest modes.
  Result<Triage> PutTriage(Triage triage);
  Result<std::vector<Triage>> Triages();

  // Keeps a fix. Needs the entries of its targets and the seed; fills in their members and counts,
  // the draw, the id, and when it was recorded. Redacts secrets. kNotFound names the nearest modes.
  // An entry may be a category of notes: its runs are those that were noted with it.
  Result<RecordedFix> RecordFix(const Question& question, Fix fix);
  Result<std::vector<Fix>> Fixes();  // oldest first
  // Judges a fix by the runs of the question, and categories of notes by what was read blind. The
  // runs that enter the observations are stored.
  Result<VerifiedFix> VerifyFix(const Question& question, const Fix& fix);
  // The settled runs that count as before and as after.
  Result<FixRuns> RunsOfFix(const Question& question, const Fix& fix);
  // Tasks to run again after a fix of this entry, drawn from the runs of the question.
  Result<RerunPlan> PlanRerun(const Question& question, const RankedMode& mode, std::uint64_t seed);
  // Entries that were fixed and came back, each with the fix.
  Result<std::map<ModeId, std::string>> Regressions(const Question& question);

  Result<OverviewStats> Overview(const Question& question);
  Result<ModeRanking> RankedModes(const Question& question);
  // One mode. If it occurs in the store but not in the question, it has no units, and its rate is
  // an upper bound over the eligible units. kNotFound names the nearest ids.
  Result<RankedMode> Mode(const Question& question, ModeId id);
  Result<std::vector<OperationStats>> Operations(const Question& question, OperationGroup group);
  // How often readers noted what each rule of the configuration says, in their order.
  Result<std::vector<RulePrecision>> RulePrecisions();
  // Two sets of runs; CompareCohorts of engine/analysis says how they differ.
  Result<Cohorts> Compare(const CohortQuestion& question);
  Result<halo::Bottlenecks> Bottlenecks(const Question& question);
  Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                           std::string_view cursor);
  Result<SearchPage> Search(const Question& question, const TextPattern& pattern, std::size_t limit,
                            std::string_view cursor, std::stop_token stop,
                            const Progress& progress);
  // The same, told where to look; question.stop ends it (engine/search_runs.h).
  Result<RunSearch> SearchRuns(const Question& question, const SearchQuery& query,
                               std::size_t limit, std::string_view cursor,
                               const Progress& progress);
  // The same value of many spans (engine/read_values.h). Stops at a deadline and says so.
  Result<ValuePage> ReadValues(const Question& question, const ValueQuery& query,
                               const Progress& progress);
  // One SELECT over SqlViews() of the question's traces, in SQLite's dialect (engine/sql_views.h).
  // Errors as in RunSql.
  Result<SqlAnswer> QuerySql(const Question& question, std::string_view sql,
                             const SqlLimits& limits);
  // An empty project means any; the id may be a unique prefix of at least 6 characters.
  Result<TraceReading> ReadTrace(const TraceKey& key, std::stop_token stop = {});
  Result<std::vector<OwnedSpan>> ReadSpans(const TraceReading& reading,
                                           std::span<const SpanIndex> spans);
  // The evidence in the order in which it is read (EvidenceRole); texts of at most `longest` bytes.
  // What the payloads no longer hold is left out.
  Result<std::vector<ShownEvidence>> ReadEvidence(const TraceReading& reading,
                                                  std::span<const StoredEvidence> evidence,
                                                  std::size_t longest);
  // The stored texts of quotes of one trace, in their order; a text is empty if the payload no
  // longer contains it. Reads the trace once.
  Result<std::vector<std::string>> QuoteTexts(const TraceKey& key,
                                              std::span<const StoredQuote> quotes);
  // The latest stored analyses: findings with their evidence, waste, outcome. In the order of the
  // keys, each with its own error; traces that are stored together are read together.
  Result<std::vector<Result<TraceSummary>>> Summaries(std::span<const TraceKey> keys);

  Result<std::vector<RejectCount>> Rejects();
  Result<StoreInfo> Info();
  // A number that changes whenever an answer may have changed, for polling.
  Result<std::int64_t> Sequence();
  Result<Provenance> CurrentProvenance();
  // Fails with kUnavailable and the reason if nothing could be stored within `patience`.
  Result<void> CheckWritable(Patience patience);
  // The current problems of following, of this process and of others. Works without the store.
  FollowStatus Following();
  const Config& config() const;
  const Workspace& workspace() const;
  std::string_view price_date() const;

 private:
  Engine();
  Error UnknownMode(const Question& question, ModeId id);
  void SetRuleConfidence(std::span<RankedMode> modes);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
