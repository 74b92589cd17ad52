// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <utility>

#include "engine/sources/langfuse_query.h"
#include "engine/sources/langfuse_scores.h"
#include "engine/sources/langfuse_traces.h"
#include "engine/sources/pull_source.h"
#include "engine/sources/reply_json.h"

namespace halo {
namespace {

using langfuse::Trace;

constexpr std::size_t kGroupIds = langfuse::kTracesPerPage / WebClient::kParallel;
// Observations are handed on when this many bytes are held.
constexpr std::size_t kMaxHeld = 24 << 20;
constexpr std::size_t kMaxDocument = 8 << 20;

bool IsSuccess(int status) { return status >= 200 && status < 300; }
// The endpoint, or a way to ask it, does not exist on this server.
bool IsMissing(int status) {
  return status == 400 || status == 404 || status == 405 || status == 410 || status == 414 ||
         status == 422;
}

// How observations are asked for, best first. A server without the first has one of the others.
enum class Way { kByTraces, kLegacy, kWholeTrace };
enum class ScoreWay { kByTraces, kByIds, kNone };

// Requests whose pages follow each other.
struct Chain {
  bool scores = false;
  std::vector<std::string> ids;  // of traces; of scores with ScoreWay::kByIds
  std::string cursor;
  int page = 1;
  bool done = false;
};

class LangfuseSource final : public PullSource {
 public:
  LangfuseSource(const ServiceConnection& connection, std::unique_ptr<WebClient> client,
                 PullWindow window)
      : connection_(connection),
        window_(window),
        client_(std::move(client)),
        list_(connection, window, *client_) {}

  Result<std::optional<PulledBatch>> Next(const std::stop_token& stop) override;
  Result<PullTotals> Count(const std::stop_token& stop) override;
  std::optional<std::int64_t> total_traces() const override { return list_.total(); }
  std::vector<std::string> notes() const override { return notes_; }

 private:
  void Begin(std::vector<Trace> traces);
  void AddObservationChains();
  void AddScoreChains();
  WebRequest RequestOf(const Chain& chain) const;
  Result<void> Round(const std::stop_token& stop);
  Result<void> Take(Chain& chain, const Result<WebReply>& reply);
  Result<void> TakeObservations(Chain& chain, const ReplyPage& page);
  Result<void> TakeScores(Chain& chain, const WebReply& reply);
  void TakeWholeTrace(Chain& chain, const WebReply& reply);
  // The next way, after the server has refused the current one.
  void ChangeWay(int status);
  void ChangeScoreWay(int status);
  bool IsReading(bool scores) const;
  // What has been read, without what was handed on before.
  PulledBatch TakeBatch(bool all);

  const ServiceConnection connection_;
  const PullWindow window_;
  const std::unique_ptr<WebClient> client_;
  langfuse::TraceList list_;
  std::vector<std::string> notes_;
  Way way_ = Way::kByTraces;
  ScoreWay score_way_ = ScoreWay::kByTraces;
  bool way_changed_ = false, score_way_changed_ = false;
  int limit_ = langfuse::kObservationsPerPage;

  std::vector<Trace> traces_;                 // of the current page
  std::map<std::string, std::size_t> by_id_;  // index in traces_
  std::vector<bool> begun_;                   // some observations were handed on
  std::vector<Chain> chains_;
  std::size_t held_ = 0;
  std::int64_t reached_before_ns_ = 0;
};

void LangfuseSource::Begin(std::vector<Trace> traces) {
  traces_ = std::move(traces);
  by_id_.clear();
  for (std::size_t i = 0; i < traces_.size(); ++i) by_id_.emplace(traces_[i].id, i);
  begun_.assign(traces_.size(), false);
  chains_.clear();
  held_ = 0;
  AddScoreChains();
  AddObservationChains();
}

void LangfuseSource::AddObservationChains() {
  const std::size_t per_chain = way_ == Way::kByTraces ? kGroupIds : 1;
  for (std::size_t i = 0; i < traces_.size(); i += per_chain) {
    Chain& chain = chains_.emplace_back();
    for (std::size_t j = i; j < std::min(i + per_chain, traces_.size()); ++j) {
      chain.ids.push_back(traces_[j].id);
    }
  }
}

void LangfuseSource::AddScoreChains() {
  std::vector<std::string> ids;
  for (const Trace& trace : traces_) {
    if (score_way_ == ScoreWay::kByTraces) ids.push_back(trace.id);
    if (score_way_ == ScoreWay::kByIds) {
      ids.insert(ids.end(), trace.score_ids.begin(), trace.score_ids.end());
    }
  }
  constexpr std::size_t kIds = 100;
  for (std::size_t i = 0; i < ids.size(); i += kIds) {
    Chain& chain = chains_.emplace_back();
    chain.scores = true;
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(i);
    chain.ids.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(kIds, ids.size() - i)));
  }
}

WebRequest LangfuseSource::RequestOf(const Chain& chain) const {
  if (chain.scores) {
    return {score_way_ == ScoreWay::kByTraces ? langfuse::ScoresPath(chain.ids, chain.cursor)
                                              : langfuse::ScoresByIdPath(chain.ids),
            {}};
  }
  switch (way_) {
    case Way::kByTraces:
      return {langfuse::ObservationsPath(chain.ids, limit_, chain.cursor), {}};
    case Way::kLegacy:
      return {langfuse::LegacyObservationsPath(chain.ids.front(), chain.page), {}};
    case Way::kWholeTrace:
      break;
  }
  return {langfuse::TracePath(chain.ids.front()), {}};
}

bool LangfuseSource::IsReading(bool scores) const {
  return std::any_of(chains_.begin(), chains_.end(), [scores](const Chain& chain) {
    return chain.scores == scores && !chain.done;
  });
}

void LangfuseSource::ChangeWay(int) {
  if (way_changed_) return;  // several requests of a round are refused alike
  way_changed_ = true;
  way_ = way_ == Way::kByTraces ? Way::kLegacy : Way::kWholeTrace;
}

void LangfuseSource::ChangeScoreWay(int status) {
  if (score_way_changed_) return;
  score_way_changed_ = true;
  const bool other = score_way_ == ScoreWay::kByTraces && IsMissing(status);
  score_way_ = other ? ScoreWay::kByIds : ScoreWay::kNone;
  if (!other) {
    notes_.push_back("Scores could not be read (HTTP " + std::to_string(status) +
                     "), so outcomes may be missing.");
  }
}

Result<void> LangfuseSource::TakeObservations(Chain& chain, const ReplyPage& page) {
  for (const std::string_view item : page.items) {
    const auto found = by_id_.find(TextMember(item, "traceId"));
    if (found == by_id_.end()) continue;  // not asked for
    Trace& trace = traces_[found->second];
    trace.observations.emplace_back(item);
    trace.bytes += item.size();
    held_ += item.size();
  }
  if (way_ == Way::kLegacy) {
    const auto limit = static_cast<std::size_t>(langfuse::kLegacyPerPage);
    ++chain.page;
    chain.done = page.items.empty() ||
                 (page.total_pages ? chain.page > *page.total_pages : page.items.size() < limit);
    return {};
  }
  if (!page.cursor.empty() && page.cursor == chain.cursor) {
    return Error{Code::kUnavailable,
                 client_->address().host + " repeats a page of observations without end"};
  }
  chain.cursor = page.cursor;
  chain.done = page.cursor.empty();
  return {};
}

void LangfuseSource::TakeWholeTrace(Chain& chain, const WebReply& reply) {
  chain.done = true;
  const auto found = by_id_.find(chain.ids.front());
  if (found == by_id_.end() || !IsSuccess(reply.status)) return;
  Trace whole = langfuse::ParseTrace(reply.body);
  Trace& trace = traces_[found->second];
  if (whole.id != trace.id) return;
  held_ += whole.bytes;
  if (whole.scores.empty()) whole.scores = std::move(trace.scores);
  whole.time_ns = trace.time_ns;
  trace = std::move(whole);
}

Result<void> LangfuseSource::TakeScores(Chain& chain, const WebReply& reply) {
  if (!IsSuccess(reply.status)) {
    ChangeScoreWay(reply.status);
    return {};
  }
  const Result<ReplyPage> page = ReadPage(reply.body, "scores");
  if (!page) return page.error();
  for (const std::string_view item : page->items) {
    const auto found = by_id_.find(langfuse::TraceOfScore(item));
    if (found != by_id_.end()) {
      traces_[found->second].scores.push_back(langfuse::PlainScore(item));
    }
  }
  chain.done = page->cursor.empty() || page->cursor == chain.cursor;
  chain.cursor = page->cursor;
  return {};
}

Result<void> LangfuseSource::Take(Chain& chain, const Result<WebReply>& reply) {
  if (!reply && reply.error().code == Code::kUnsupported && way_ == Way::kByTraces &&
      !chain.scores && limit_ > 1) {
    limit_ = std::max(1, limit_ / 8);  // the page was too large; the chain asks again
    return {};
  }
  if (!reply) return reply.error();
  if (chain.scores) return TakeScores(chain, *reply);
  if (way_ == Way::kWholeTrace && (IsSuccess(reply->status) || reply->status == 404)) {
    TakeWholeTrace(chain, *reply);
    return {};
  }
  if (!IsSuccess(reply->status)) {
    if (!IsMissing(reply->status) || way_ == Way::kWholeTrace) {
      return client_->StatusError(reply->status, "observations");
    }
    ChangeWay(reply->status);
    return {};
  }
  const Result<ReplyPage> page = ReadPage(reply->body, "observations");
  if (!page) return page.error();
  return TakeObservations(chain, *page);
}

// Asks once for each of the first chains that are not done.
Result<void> LangfuseSource::Round(const std::stop_token& stop) {
  std::vector<std::size_t> asked;
  std::vector<WebRequest> requests;
  for (std::size_t i = 0; i < chains_.size() && asked.size() < WebClient::kParallel; ++i) {
    if (chains_[i].done) continue;
    asked.push_back(i);
    requests.push_back(RequestOf(chains_[i]));
  }
  way_changed_ = score_way_changed_ = false;
  const std::vector<Result<WebReply>> replies = client_->GetAll(requests, stop);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (way_changed_ && !chains_[asked[i]].scores) continue;  // it was asked the former way
    if (Result<void> taken = Take(chains_[asked[i]], replies[i]); !taken) return taken;
  }
  const auto drop = [this](bool scores) {
    std::erase_if(chains_, [scores](const Chain& chain) { return chain.scores == scores; });
  };
  if (score_way_changed_) {
    drop(true);
    AddScoreChains();
  }
  if (way_changed_) {
    // What was read is read again: the store knows each observation by its id.
    for (Trace& trace : traces_) trace.observations.clear();
    held_ = 0;
    drop(false);
    AddObservationChains();
  }
  return {};
}

std::string Joined(const std::vector<std::string>& objects, std::size_t begin, std::size_t end) {
  std::string out = "[";
  for (std::size_t i = begin; i < end; ++i) out.append(i > begin ? "," : "").append(objects[i]);
  return out + "]";
}

PulledBatch LangfuseSource::TakeBatch(bool all) {
  PulledBatch batch;
  for (std::size_t i = 0; i < traces_.size(); ++i) {
    Trace& trace = traces_[i];
    batch.spans += static_cast<std::int64_t>(trace.observations.size());
    // A trace without observations is a document too, unless they were handed on before.
    if (trace.observations.empty() && (!all || begun_[i])) continue;
    std::size_t begin = 0;
    do {
      std::size_t end = begin, bytes = 0;
      while (end < trace.observations.size() && (end == begin || bytes < kMaxDocument)) {
        bytes += trace.observations[end++].size();
      }
      std::string json = "{" + trace.members;
      json.append(trace.members.empty() ? "" : ",")
          .append("\"observations\":")
          .append(Joined(trace.observations, begin, end));
      json.append(",\"scores\":").append(Joined(trace.scores, 0, trace.scores.size())).append("}");
      batch.documents.push_back({trace.id, std::move(json)});
      begin = end;
    } while (begin < trace.observations.size());
    begun_[i] = true;
    trace.observations.clear();
  }
  held_ = 0;
  batch.reached_ns = all ? list_.reached_ns() : reached_before_ns_;
  if (all) {
    batch.traces = static_cast<std::int64_t>(traces_.size());
    reached_before_ns_ = list_.reached_ns();
    traces_.clear();
  }
  return batch;
}

Result<std::optional<PulledBatch>> LangfuseSource::Next(const std::stop_token& stop) {
  if (traces_.empty()) {
    Result<std::vector<Trace>> traces = list_.Next(stop);
    if (!traces) return traces.error();
    if (traces->empty()) return std::optional<PulledBatch>();
    Begin(std::move(*traces));
  }
  while (IsReading(true) || IsReading(false)) {
    if (Result<void> read = Round(stop); !read) return read.error();
    // Each document has the scores of its trace, so they must be complete.
    if (held_ >= kMaxHeld && !IsReading(true)) return std::optional(TakeBatch(false));
  }
  return std::optional(TakeBatch(true));
}

Result<PullTotals> LangfuseSource::Count(const std::stop_token& stop) {
  PullTotals totals;
  const Result<std::optional<std::int64_t>> traces = list_.Count(stop);
  if (!traces) return traces.error();
  totals.traces = *traces;
  // The number of observations is known for filters that both lists have.
  const bool by_trace = !connection_.tags.empty() || !connection_.user.empty() ||
                        !connection_.session.empty() || !connection_.trace_name.empty() ||
                        !connection_.version.empty();
  if (by_trace) return totals;
  const Result<WebReply> reply =
      client_->Get({langfuse::CountObservationsPath(connection_, window_), {}}, stop);
  if (!reply && reply.error().code == Code::kCancelled) return reply.error();
  if (!reply || !IsSuccess(reply->status)) return totals;
  if (const Result<ReplyPage> page = ReadPage(reply->body, "observations"); page) {
    totals.spans = page->total_items;
  }
  return totals;
}

}  // namespace

std::unique_ptr<PullSource> OpenLangfuse(const ServiceConnection& connection,
                                         std::unique_ptr<WebClient> client, PullWindow window) {
  return std::make_unique<LangfuseSource>(connection, std::move(client), window);
}

}  // namespace halo
