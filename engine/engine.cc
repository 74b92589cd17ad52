// SPDX-License-Identifier: MIT
#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "engine/analysis/analyse_trace.h"
#include "engine/analysis/apply_rules.h"
#include "engine/analysis/detector_precision.h"
#include "engine/base/clock.h"
#include "engine/detectors/all_detectors.h"
#include "engine/engine_impl.h"
#include "engine/ingest/log_twins.h"
#include "engine/model/bottlenecks.h"
#include "engine/model/cohorts.h"
#include "engine/read_payloads.h"
#include "engine/store/open_store.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

constexpr std::size_t kStaleCounted = 100'000;

Error Cancelled() { return {Code::kCancelled, "cancelled"}; }

}  // namespace

Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::Open(EngineOptions options) {
  std::unique_ptr<Engine> engine(new Engine());
  Impl& impl = *engine->impl_;
  Result<std::unique_ptr<Store>> store = OpenStore(options.store_url);
  if (!store) return store.error();
  impl.store = std::move(*store);

  // The configuration is in the store, so that all its processes analyse by the same rules.
  const Result<std::optional<std::string>> stored = impl.store->Setting(kConfigSetting);
  if (!stored) return stored.error();
  Config config = options.config.value_or(Config());
  const std::string text = AnalysisConfigText(config);
  if (!*stored || (options.config && options.adopt_config)) {
    const Result<void> put = impl.store->PutSetting(kConfigSetting, text);
    if (!put) return put.error();
  } else {
    Result<Config> kept = ParseConfig(**stored);
    if (!kept) {
      return Error{Code::kCorrupt,
                   "the store is damaged: the configuration that it keeps cannot be "
                   "read (" +
                       kept.error().message +
                       "); run `halo-mcp doctor "
                       "--repair`"};
    }
    if (options.config && text != **stored) {
      impl.stamp_warning =
          "The configuration of this process differs from the one that this store was judged by; "
          "the store's holds. Run `halo-mcp reanalyse` with this configuration to adopt it.";
    }
    config = std::move(*kept);
  }
  impl.workspace = std::move(options.workspace);
  impl.rules = std::make_unique<Rules>(std::move(config));
  impl.refresher = std::make_unique<Refresher>(*impl.store, *impl.rules);
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  impl.threads = options.threads > 0 ? options.threads : cores;
  impl.ingester = std::make_unique<Ingester>(*impl.store, *impl.rules, impl.threads);
  impl.receiver = std::make_unique<Receiver>(*impl.store, *impl.rules);
  impl.importing = std::make_unique<Importing>(
      Importing::Parts{*impl.store, *impl.rules, *impl.refresher, *impl.ingester, impl.threads},
      options.config ? options.config->connections : std::vector<ServiceConnection>());

  const Result<std::optional<std::string>> stamp = impl.store->Setting(kStampSetting);
  if (!stamp) return stamp.error();
  if (!*stamp) {
    const Result<void> put = impl.store->PutSetting(kStampSetting, impl.rules->stamp);
    if (!put) return put.error();
  } else if (**stamp != impl.rules->stamp) {
    impl.refresher->SetMixedRules(true);
    if (impl.stamp_warning.empty()) {
      impl.stamp_warning = "Traces in this store were judged by other rules (" + **stamp +
                           ") than this program's (" + impl.rules->stamp +
                           "). Run `halo-mcp reanalyse` to judge all of them alike.";
    }
  }
  return engine;
}

Result<IngestReport> Engine::IngestPaths(std::span<const std::string> paths,
                                         const IngestOptions& options) {
  Result<IngestReport> report = impl_->ingester->Paths(paths, options);
  if (!report || report->stopped) return report;
  // Analyses now, so that the first question after an import need not wait.
  const Result<void> analysed = impl_->RefreshDueTraces(
      NowNs(), std::chrono::steady_clock::duration::max(), options.stop, options.progress);
  if (!analysed) return analysed.error();
  return report;
}

Result<IngestReport> Engine::IngestBytes(std::string_view name, std::string_view bytes,
                                         const IngestOptions& options) {
  return impl_->ingester->Bytes(name, bytes, options);
}

Importing& Engine::importing() { return *impl_->importing; }

void Engine::Follow(std::span<const std::string> paths, const FollowOptions& options) {
  Follower(*impl_->store, *impl_->rules, impl_->threads, paths, options, impl_->board).Run();
}

void Engine::Receive(const ReceivedMessage& message, Acknowledge acknowledge) {
  impl_->receiver->Receive(message, std::move(acknowledge));
}

void Engine::CountReceived(std::string_view reason, std::string_view detail) {
  impl_->receiver->Count(reason, detail);
}

void Engine::SetNotReceiving(std::string why) {
  const std::lock_guard lock(impl_->mutex);
  if (why != impl_->not_receiving) ++impl_->own_changes;
  if (impl_->not_receiving.empty()) impl_->not_receiving_since_ns = NowNs();
  impl_->not_receiving = std::move(why);
}

Result<std::int64_t> Engine::Reanalyse(const Progress& progress, std::stop_token stop) {
  Store& store = *impl_->store;
  if (Result<void> marked = store.MarkAllStale(); !marked) return marked.error();
  const auto report_progress = [&](double done, double total) {
    if (progress) progress(done, total, "traces analysed");
  };
  const Result<std::int64_t> done =
      impl_->refresher->Run(Refresh::kRecomputeAll, NowNs(),
                            std::chrono::steady_clock::time_point::max(), stop, report_progress);
  if (!done) return done.error();
  if (stop.stop_requested()) {
    return Error{Code::kCancelled, "Stopped after " + std::to_string(*done) +
                                       " traces; run `halo-mcp reanalyse` again to go on."};
  }
  if (Result<void> put = store.PutSetting(kStampSetting, impl_->rules->stamp); !put) {
    return put.error();
  }
  impl_->refresher->SetMixedRules(false);
  const std::lock_guard lock(impl_->mutex);
  impl_->stamp_warning.clear();
  return *done;
}

Result<std::int64_t> Engine::PutLabels(std::span<const Label> labels) {
  const std::int64_t now_ns = NowNs();
  std::vector<Label> kept(labels.begin(), labels.end());
  for (Label& label : kept) {
    if (label.at_ns == 0) label.at_ns = now_ns;
    for (std::string* const text : {&label.who, &label.why}) {
      std::string redacted;
      if (impl_->rules->redactor.Redact(*text, redacted) > 0) *text = std::move(redacted);
    }
  }
  return impl_->store->PutLabels(kept);
}

Result<std::vector<Result<LabelledTrace>>> Engine::FindTraces(std::span<const TraceKey> keys) {
  return impl_->store->FindTraces(keys);
}

Result<PruneReport> Engine::Prune(const PruneOptions& options) {
  const Result<Question> question = impl_->Prepare({});
  if (!question) return question.error();
  return PruneStore(*impl_->store, *question, options);
}

Result<std::int64_t> Engine::ForgetPruned() { return impl_->store->ForgetRemovals(); }

Result<Triage> Engine::PutTriage(Triage triage) {
  if (triage.decided_ns == 0) triage.decided_ns = NowNs();
  const auto book = Reviews();
  if (!book) return book.error();
  if (const Category* const category = (*book)->FindCategory(triage.mode)) {
    triage.mode = category->id;
  } else {
    const Result<RankedMode> known = Mode(Question(), triage.mode);
    if (!known) return known.error();
    triage.mode = known->stats.id;  // an effect has no status of its own
  }
  if (Result<void> put = impl_->store->PutTriage(triage); !put) return put.error();
  return triage;
}

Result<std::vector<Triage>> Engine::Triages() { return impl_->store->Triages(); }

Result<OverviewStats> Engine::Overview(const Question& question) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  return impl_->store->Overview(*prepared);
}

Result<ModeRanking> Engine::RankedModes(const Question& question) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  ModeRanking ranking;
  auto answer = impl_->store->OverviewAndModes(*prepared);
  if (!answer) return answer.error();
  if (prepared->stop.stop_requested()) return Cancelled();
  auto& [totals, modes] = *answer;
  const Result<std::vector<Triage>> triages = impl_->store->Triages();
  if (!triages) return triages.error();
  ranking.totals = std::move(totals);
  ranking.modes = RankModes(std::move(modes), ranking.totals, *triages, prepared->now_ns);
  SetRuleConfidence(ranking.modes);
  return ranking;
}

Result<RankedMode> Engine::Mode(const Question& question, ModeId id) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  if (id == 0) return UnknownMode(*prepared, id);  // the store treats 0 as any mode
  auto answer = impl_->store->OverviewAndModes(*prepared, id);
  if (!answer) return answer.error();
  auto& [totals, modes] = *answer;
  if (modes.empty()) return UnknownMode(*prepared, id);
  const Result<std::vector<Triage>> triages = impl_->store->Triages();
  if (!triages) return triages.error();
  std::vector<RankedMode> ranked = RankModes(std::move(modes), totals, *triages, prepared->now_ns);
  SetRuleConfidence(ranked);
  return std::move(ranked.front());
}

Error Engine::UnknownMode(const Question& question, ModeId id) {
  std::string message = "No failure mode " + ModeIdText(id) + " in this store";
  Question everything;
  everything.units = question.units;
  everything.now_ns = question.now_ns;
  const Result<std::vector<ModeStats>> known = impl_->store->Modes(everything);
  const Result<StoreInfo> info = impl_->store->Info();
  if (info && info->traces == 0) {
    message += ", which holds no traces yet; `halo-mcp setup` says how to fill it.";
  } else if (known && known->empty()) {
    message += ", which holds no failure mode at all. Call get_overview to see what it holds.";
  } else if (known) {
    std::vector<std::string> ids;
    for (const ModeStats& mode : *known) ids.push_back(ModeIdText(mode.id));
    const std::vector<std::string_view> views(ids.begin(), ids.end());
    message += SuggestWord(ModeIdText(id), views) + ". Call list_failure_modes for all of them.";
  }
  return {Code::kNotFound, std::move(message)};
}

Result<std::vector<OperationStats>> Engine::Operations(const Question& question,
                                                       OperationGroup group) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  return impl_->store->Operations(*prepared, group);
}

Result<Cohorts> Engine::Compare(const CohortQuestion& question) {
  CohortQuestion prepared = question;
  const Result<Question> base = impl_->Prepare(question.base);
  if (!base) return base.error();
  prepared.base = *base;
  if (const Result<Impl::KeptReviews> reviews = impl_->ReadReviews()) {
    Impl::ResolveCategory(*reviews->book, prepared.a);
    if (prepared.b) Impl::ResolveCategory(*reviews->book, *prepared.b);
  }
  return impl_->store->Compare(prepared);
}

Result<Bottlenecks> Engine::Bottlenecks(const Question& question) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  return impl_->store->Bottlenecks(*prepared);
}

Result<TracePage> Engine::Traces(const Question& question, TraceSort sort, std::size_t limit,
                                 std::string_view cursor) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  return impl_->store->Traces(*prepared, sort, limit, cursor);
}

Result<SearchPage> Engine::Search(const Question& question, const TextPattern& pattern,
                                  std::size_t limit, std::string_view cursor, std::stop_token stop,
                                  const Progress& progress) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const auto report_progress = [&](double done, double total) {
    if (progress) progress(done, total, "traces searched");
  };
  return impl_->store->Search(*prepared, pattern, limit, cursor, stop, report_progress);
}

Result<TraceReading> Engine::ReadTrace(const TraceKey& key, std::stop_token stop) {
  Result<StoredTrace> stored = impl_->refresher->LoadMerged(key);
  if (!stored) return stored.error();
  if (stop.stop_requested()) return Cancelled();
  TraceReading reading;
  reading.stored = std::move(*stored);
  reading.trace = BuildTrace(reading.stored.key.project, reading.stored.key.trace_id,
                             *reading.stored.words, std::move(reading.stored.spans));
  reading.trace.thresholds = impl_->rules->config.thresholds;
  reading.stored.spans.clear();
  if (stop.stop_requested()) return Cancelled();
  const bool has_logs = HasLogs(reading.trace.spans);
  reading.trace.health.duplicate_ids = has_logs ? 0 : reading.stored.revised_spans;
  const bool complete = reading.stored.source && reading.stored.source->complete;
  const SettleRule& settle = impl_->rules->config.settle;
  const std::int64_t arrived_ns = reading.stored.arrived_ns;
  const RunState state =
      AreFromLogs(reading.trace.spans)
          ? LogStateOf(false, complete, arrived_ns, NowNs(), settle)
          : StateOf(reading.trace.root_ended, complete, arrived_ns, NowNs(), settle);
  reading.settled = state != RunState::kOpen;
  // Stored analyses assume that the run has ended.
  std::optional<TraceSummary> stored_summary;
  if (reading.settled) stored_summary = impl_->CurrentSummary(reading);
  if (stored_summary) {
    reading.summary = std::move(*stored_summary);
  } else {
    reading.summary = AnalyseTrace(reading.trace, reading.settled);
    ApplyRules(impl_->rules->config.rules, reading.trace, reading.summary);
  }
  if (stop.stop_requested()) return Cancelled();
  if (!reading.settled) {
    std::erase_if(reading.summary.findings, [](const StoredFinding& finding) {
      const TraceDetector* const detector = FindTraceDetector(finding.detector);
      return detector && detector->end_of_run;
    });
  }
  if (const Result<void> kept = impl_->KeepHeldFindings(reading.summary); !kept) {
    return kept.error();
  }
  impl_->DoubtFindings(reading.summary);
  if (const Label* const label = LabelThatCounts(reading.stored.labels)) {
    reading.summary.outcome = label->outcome;
    reading.summary.outcome_rule = OutcomeRule::kLabel;
  }
  return reading;
}

Result<std::vector<OwnedSpan>> Engine::ReadSpans(const TraceReading& reading,
                                                 std::span<const SpanIndex> spans) {
  std::vector<PayloadRef> refs;
  refs.reserve(spans.size());
  for (const SpanIndex span : spans) refs.push_back(reading.trace.spans[span].payload);
  Result<std::vector<std::string>> payloads = ReadPayloads(*impl_->store, reading.stored, refs);
  if (!payloads) return payloads.error();
  return DecodeSpans(std::move(*payloads));
}

Result<std::vector<ShownEvidence>> Engine::ReadEvidence(const TraceReading& reading,
                                                        std::span<const StoredEvidence> evidence,
                                                        std::size_t longest) {
  std::vector<SpanIndex> spans;
  std::vector<const StoredEvidence*> asked;
  std::unordered_map<StringId, SpanIndex> wanted;
  for (const StoredEvidence& one : evidence) {
    const std::optional<StringId> id = reading.stored.words->Find(one.quote.span_id);
    if (id) wanted.emplace(*id, -1);
  }
  for (std::size_t i = 0; i < reading.trace.spans.size(); ++i) {
    const auto found = wanted.find(reading.trace.spans[i].span_id);
    if (found != wanted.end()) found->second = static_cast<SpanIndex>(i);
  }
  for (const StoredEvidence& one : evidence) {
    const std::optional<StringId> id = reading.stored.words->Find(one.quote.span_id);
    const SpanIndex span = id ? wanted[*id] : -1;
    if (span == -1) continue;
    spans.push_back(span);
    asked.push_back(&one);
  }
  const Result<std::vector<OwnedSpan>> owned = ReadSpans(reading, spans);
  if (!owned) return owned.error();
  std::vector<ShownEvidence> shown;
  Conventions conventions;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const StoredQuote& quote = asked[i]->quote;
    const Span& span = (*owned)[i].span();
    const std::optional<MessagePlace> place = ParsePlace(quote.path);
    std::optional<ShownEvidence> found =
        place ? FindPlace(span, *place, longest, conventions) : FindQuote(span, quote, longest);
    if (!found) continue;
    found->role = asked[i]->role;
    shown.push_back(std::move(*found));
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const ShownEvidence& a, const ShownEvidence& b) { return a.role < b.role; });
  return shown;
}

Result<std::vector<std::string>> Engine::QuoteTexts(const TraceKey& key,
                                                    std::span<const StoredQuote> quotes) {
  std::vector<std::string> texts(quotes.size());
  const Result<StoredTrace> stored = impl_->refresher->LoadMerged(key);
  if (!stored) return stored.error();
  std::vector<PayloadRef> refs;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < quotes.size(); ++i) {
    const std::optional<StringId> id = stored->words->Find(quotes[i].span_id);
    if (!id || quotes[i].path.empty()) continue;
    const auto found = std::find_if(stored->spans.begin(), stored->spans.end(),
                                    [&](const SpanFacts& span) { return span.span_id == *id; });
    if (found == stored->spans.end()) continue;
    refs.push_back(found->payload);
    asked.push_back(i);
  }
  Result<std::vector<std::string>> payloads = ReadPayloads(*impl_->store, *stored, refs);
  if (!payloads) return payloads.error();
  for (std::size_t n = 0; n < asked.size(); ++n) {
    const StoredQuote& quote = quotes[asked[n]];
    const Result<OwnedSpan> span = DecodeSpan(std::move((*payloads)[n]));
    if (!span) return span.error();
    const std::optional<Value> value = ValueAt(span->span(), quote.path);
    if (!value || !value->has_text() || quote.offset > value->text.size()) continue;
    texts[asked[n]] = std::string(value->text.substr(quote.offset, quote.length));
  }
  return texts;
}

Result<std::vector<Result<TraceSummary>>> Engine::Summaries(std::span<const TraceKey> keys) {
  Result<std::vector<Result<TraceSummary>>> summaries = impl_->store->LoadSummaries(keys);
  if (!summaries) return summaries;
  const Result<Impl::KeptReviews> reviews = impl_->ReadReviews();
  if (!reviews) return summaries;
  for (Result<TraceSummary>& summary : *summaries) {
    if (summary) Doubt(reviews->doubted.get(), *summary);
  }
  return summaries;
}

Result<std::vector<RejectCount>> Engine::Rejects() { return impl_->store->Rejects(); }

Result<StoreInfo> Engine::Info() { return impl_->store->Info(); }

Result<std::int64_t> Engine::Sequence() {
  const Result<std::int64_t> stored = impl_->store->Sequence();
  if (!stored) return stored;
  const std::lock_guard lock(impl_->mutex);
  return *stored + impl_->own_changes;  // both only grow
}

Result<Provenance> Engine::CurrentProvenance() {
  Provenance provenance;
  const Result<std::vector<StaleTrace>> stale = impl_->store->StaleTraces(kStaleCounted);
  if (!stale) return stale.error();
  provenance.stale_traces = static_cast<std::int64_t>(stale->size());
  provenance.damage = impl_->store->Damage();
  provenance.following = Following();
  const std::lock_guard lock(impl_->mutex);
  provenance.not_receiving = impl_->not_receiving;
  provenance.not_receiving_since_ns = impl_->not_receiving_since_ns;
  provenance.stale_why = impl_->unwritable;
  provenance.stale_since_ns = impl_->unwritable_since_ns;
  provenance.stamp_warning = impl_->stamp_warning;
  return provenance;
}

Result<void> Engine::CheckWritable(Patience patience) { return impl_->store->AwaitTurn(patience); }

FollowStatus Engine::Following() {
  FollowStatus status = impl_->board.Get();
  for (const std::string& notice : impl_->store->Notices()) {
    for (FollowTrouble& trouble : DecodeTroubles(notice)) {
      status.troubles.push_back(std::move(trouble));
    }
  }
  return status;
}

const Config& Engine::config() const { return impl_->rules->config; }

const Workspace& Engine::workspace() const { return impl_->workspace; }

std::string_view Engine::price_date() const { return PriceTable::Date(); }

}  // namespace halo
