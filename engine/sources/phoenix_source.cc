// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <utility>

#include "engine/json/json_slices.h"
#include "engine/sources/phoenix_annotations.h"
#include "engine/sources/phoenix_query.h"
#include "engine/sources/pull_source.h"
#include "engine/sources/reply_json.h"

namespace halo {
namespace {

constexpr std::size_t kIdsPerChain = 25;
constexpr std::size_t kAnnotatedPerRequest = 100;
constexpr std::size_t kMaxHeld = 24 << 20;
constexpr std::size_t kMaxDocument = 8 << 20;

bool IsSuccess(int status) { return status >= 200 && status < 300; }

// An endpoint that this server does not have.
bool IsMissing(int status) { return status == 404 || status == 405 || status == 422; }

struct Span {
  std::string id, trace_id, json;
  bool is_root = false;
  std::vector<std::string> events;  // from annotations
};

// Requests whose pages follow each other, for the spans of a few traces.
struct Chain {
  std::vector<std::string> trace_ids;
  std::string cursor;
  bool done = false;
};

class PhoenixSource final : public PullSource {
 public:
  PhoenixSource(const ServiceConnection& connection, std::unique_ptr<WebClient> client,
                PullWindow window)
      : project_(connection.source_project),
        window_(window),
        client_(std::move(client)),
        reached_ns_(window.from_ns),
        reached_before_ns_(window.from_ns) {}

  Result<std::optional<PulledBatch>> Next(const std::stop_token& stop) override;
  Result<PullTotals> Count(const std::stop_token& stop) override;
  std::optional<std::int64_t> total_traces() const override { return std::nullopt; }
  std::vector<std::string> notes() const override { return notes_; }

 private:
  Result<void> ListTraces(const std::stop_token& stop);
  Result<void> ReadWindow(const std::stop_token& stop);
  Result<void> Round(const std::stop_token& stop);
  Result<void> Keep(const ReplyPage& page);
  Result<void> Annotate(const std::stop_token& stop);
  // Asks for the annotations of spans or traces, and calls use(annotation) for each.
  Result<void> ReadAnnotations(bool of_traces, const std::vector<std::string>& ids,
                               const std::stop_token& stop,
                               const std::function<void(std::string_view)>& use);
  bool ShrinkLimit(const Error& error);
  Result<std::optional<PulledBatch>> TakeBatch(bool all, const std::stop_token& stop);

  const std::string project_;
  const PullWindow window_;
  const std::unique_ptr<WebClient> client_;
  std::vector<std::string> notes_;

  bool lists_traces_ = true, ended_ = false, in_order_ = true;
  bool span_annotations_ = true, trace_annotations_ = true;
  int limit_ = phoenix::kSpansPerPage;
  std::string cursor_;  // of the traces, or of the spans of the window
  std::int64_t reached_ns_, reached_before_ns_;
  std::vector<Chain> chains_;
  std::vector<Span> spans_;
  std::int64_t page_traces_ = 0;
  std::size_t held_ = 0;
};

Result<void> PhoenixSource::ListTraces(const std::stop_token& stop) {
  const Result<WebReply> reply =
      client_->Get({phoenix::TracesPath(project_, window_, cursor_), {}}, stop);
  if (!reply) return reply.error();
  if (cursor_.empty() && IsMissing(reply->status)) {
    lists_traces_ = false;
    return {};
  }
  if (!IsSuccess(reply->status)) return client_->StatusError(reply->status, "traces");
  const Result<ReplyPage> page = ReadPage(reply->body, "traces");
  if (!page) return page.error();
  page_traces_ = static_cast<std::int64_t>(page->items.size());
  for (const std::string_view item : page->items) {
    if (chains_.empty() || chains_.back().trace_ids.size() == kIdsPerChain) chains_.emplace_back();
    chains_.back().trace_ids.push_back(TextMember(item, "trace_id"));
    const std::int64_t start_ns = TimeMember(item, "start_time");
    in_order_ = in_order_ && start_ns >= reached_ns_;
    reached_ns_ = std::max(reached_ns_, start_ns);
  }
  ended_ = page->cursor.empty() || page->cursor == cursor_;
  cursor_ = page->cursor;
  return {};
}

Result<void> PhoenixSource::Keep(const ReplyPage& page) {
  for (const std::string_view item : page.items) {
    const std::string_view context = MemberText(item, "context");
    Span& span = spans_.emplace_back();
    span.id = TextMember(context, "span_id");
    span.trace_id = TextMember(context, "trace_id");
    span.is_root = TextMember(item, "parent_id").empty();
    span.json = item;
    held_ += item.size();
  }
  return {};
}

// Halves the page, by a few powers, if an answer was too large.
bool PhoenixSource::ShrinkLimit(const Error& error) {
  if (error.code != Code::kUnsupported || limit_ == 1) return false;
  limit_ = std::max(1, limit_ / 8);
  return true;
}

// One page of all spans, newest first on old servers: the window is reached at its end only.
Result<void> PhoenixSource::ReadWindow(const std::stop_token& stop) {
  const Result<WebReply> reply =
      client_->Get({phoenix::SpansInWindowPath(project_, window_, limit_, cursor_), {}}, stop);
  if (!reply && ShrinkLimit(reply.error())) return {};
  if (!reply) return reply.error();
  if (!IsSuccess(reply->status)) {
    return client_->StatusError(reply->status, "spans of the project");
  }
  const Result<ReplyPage> page = ReadPage(reply->body, "spans");
  if (!page) return page.error();
  ended_ = page->cursor.empty() || page->cursor == cursor_;
  cursor_ = page->cursor;
  return Keep(*page);
}

Result<void> PhoenixSource::Round(const std::stop_token& stop) {
  std::vector<Chain*> asked;
  std::vector<WebRequest> requests;
  for (Chain& chain : chains_) {
    if (chain.done || asked.size() == WebClient::kParallel) continue;
    asked.push_back(&chain);
    requests.push_back({phoenix::SpansPath(project_, chain.trace_ids, limit_, chain.cursor), {}});
  }
  const std::vector<Result<WebReply>> replies = client_->GetAll(requests, stop);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Result<WebReply>& reply = replies[i];
    if (!reply && ShrinkLimit(reply.error())) continue;
    if (!reply) return reply.error();
    if (!IsSuccess(reply->status)) return client_->StatusError(reply->status, "spans");
    const Result<ReplyPage> page = ReadPage(reply->body, "spans");
    if (!page) return page.error();
    if (Result<void> kept = Keep(*page); !kept) return kept;
    asked[i]->done = page->cursor.empty() || page->cursor == asked[i]->cursor;
    asked[i]->cursor = page->cursor;
  }
  return {};
}

Result<void> PhoenixSource::ReadAnnotations(bool of_traces, const std::vector<std::string>& ids,
                                            const std::stop_token& stop,
                                            const std::function<void(std::string_view)>& use) {
  bool& available = of_traces ? trace_annotations_ : span_annotations_;
  std::vector<Chain> chains;
  for (std::size_t i = 0; i < ids.size(); i += kAnnotatedPerRequest) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(i);
    const std::size_t count = std::min(kAnnotatedPerRequest, ids.size() - i);
    chains.push_back({{begin, begin + static_cast<std::ptrdiff_t>(count)}, {}, false});
  }
  while (available && !chains.empty()) {
    std::vector<WebRequest> requests;
    for (const Chain& chain : chains) {
      requests.push_back(
          {of_traces ? phoenix::TraceAnnotationsPath(project_, chain.trace_ids, chain.cursor)
                     : phoenix::SpanAnnotationsPath(project_, chain.trace_ids, chain.cursor),
           {}});
    }
    const std::vector<Result<WebReply>> replies = client_->GetAll(requests, stop);
    for (std::size_t i = 0; i < chains.size(); ++i) {
      if (!replies[i]) return replies[i].error();
      if (!IsSuccess(replies[i]->status)) {
        available = false;
        // Older servers have annotations of spans only.
        if (!of_traces || !IsMissing(replies[i]->status)) {
          notes_.push_back("Annotations could not be read (HTTP " +
                           std::to_string(replies[i]->status) + "), so outcomes may be missing.");
        }
        break;
      }
      const Result<ReplyPage> page = ReadPage(replies[i]->body, "annotations");
      if (!page) return page.error();
      for (const std::string_view item : page->items) use(item);
      chains[i].done = page->cursor.empty() || page->cursor == chains[i].cursor;
      chains[i].cursor = page->cursor;
    }
    std::erase_if(chains, [](const Chain& chain) { return chain.done; });
  }
  return {};
}

Result<void> PhoenixSource::Annotate(const std::stop_token& stop) {
  std::map<std::string, std::size_t, std::less<>> by_span, root_of;
  std::vector<std::string> span_ids, trace_ids;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    by_span.emplace(spans_[i].id, i);
    span_ids.push_back(spans_[i].id);
    if (spans_[i].is_root && root_of.emplace(spans_[i].trace_id, i).second) {
      trace_ids.push_back(spans_[i].trace_id);
    }
  }
  const auto add = [&](const auto& index, std::string_view id, std::string_view annotation) {
    const auto found = index.find(id);
    if (found == index.end()) return;
    Span& span = spans_[found->second];
    std::string_view time = MemberText(span.json, "end_time");
    if (!time.starts_with('"')) time = MemberText(span.json, "start_time");
    std::string event = phoenix::EventOf(annotation, time);
    if (!event.empty()) span.events.push_back(std::move(event));
  };
  if (Result<void> read = ReadAnnotations(false, span_ids, stop,
                                          [&](std::string_view annotation) {
                                            add(by_span, TextMember(annotation, "span_id"),
                                                annotation);
                                          });
      !read) {
    return read;
  }
  return ReadAnnotations(true, trace_ids, stop, [&](std::string_view annotation) {
    add(root_of, TextMember(annotation, "trace_id"), annotation);
  });
}

Result<std::optional<PulledBatch>> PhoenixSource::TakeBatch(bool all, const std::stop_token& stop) {
  if (Result<void> annotated = Annotate(stop); !annotated) return annotated.error();
  PulledBatch batch;
  std::map<std::string, std::vector<const Span*>> by_trace;
  for (const Span& span : spans_) by_trace[span.trace_id].push_back(&span);
  for (const auto& [trace_id, spans] : by_trace) {
    std::string json;
    for (const Span* const span : spans) {
      json.append(json.empty() ? "{\"data\":[" : ",");
      json.append(phoenix::SpanWith(span->json, span->events, project_));
      if (json.size() < kMaxDocument && span != spans.back()) continue;
      batch.documents.push_back({trace_id, json + "]}"});
      json.clear();
    }
  }
  batch.spans = static_cast<std::int64_t>(spans_.size());
  batch.traces =
      lists_traces_ ? (all ? page_traces_ : 0) : static_cast<std::int64_t>(by_trace.size());
  if (all && lists_traces_ && in_order_) reached_before_ns_ = reached_ns_;
  batch.reached_ns = reached_before_ns_;
  spans_.clear();
  held_ = 0;
  return std::optional(std::move(batch));
}

Result<std::optional<PulledBatch>> PhoenixSource::Next(const std::stop_token& stop) {
  const auto is_reading = [this] {
    return std::any_of(chains_.begin(), chains_.end(),
                       [](const Chain& chain) { return !chain.done; });
  };
  while (true) {
    if (lists_traces_ && !chains_.empty()) {
      while (is_reading() && held_ < kMaxHeld) {
        if (Result<void> read = Round(stop); !read) return read.error();
      }
      const bool all = !is_reading();
      Result<std::optional<PulledBatch>> batch = TakeBatch(all, stop);
      if (batch && all) chains_.clear();
      return batch;
    }
    if (!spans_.empty()) return TakeBatch(true, stop);
    if (ended_) return std::optional<PulledBatch>();
    if (Result<void> read = lists_traces_ ? ListTraces(stop) : ReadWindow(stop); !read) {
      return read.error();
    }
  }
}

Result<PullTotals> PhoenixSource::Count(const std::stop_token& stop) {
  PullTotals totals;
  const Result<WebReply> project = client_->Get({phoenix::ProjectPath(project_), {}}, stop);
  if (!project) return project.error();
  if (!IsSuccess(project->status)) {
    return client_->StatusError(project->status, "the project " + project_);
  }
  const std::string id = TextMember(MemberText(project->body, "data"), "id");
  const Result<WebReply> reply = client_->Get({"/graphql", phoenix::CountQuery(id, window_)}, stop);
  if (!reply && reply.error().code == Code::kCancelled) return reply.error();
  if (!reply || !IsSuccess(reply->status)) return totals;
  const std::string_view node = MemberText(MemberText(reply->body, "data"), "node");
  totals.traces = IntegerMember(node, "traceCount");
  totals.spans = IntegerMember(node, "recordCount");
  return totals;
}

}  // namespace

std::unique_ptr<PullSource> OpenPhoenix(const ServiceConnection& connection,
                                        std::unique_ptr<WebClient> client, PullWindow window) {
  return std::make_unique<PhoenixSource>(connection, std::move(client), window);
}

}  // namespace halo
