// SPDX-License-Identifier: MIT
#include "engine/sources/langfuse_traces.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/json/json_slices.h"
#include "engine/sources/langfuse_query.h"
#include "engine/sources/reply_json.h"

namespace halo::langfuse {
namespace {

constexpr std::size_t kMaxRoots = 500'000;

bool IsSuccess(int status) { return status >= 200 && status < 300; }

// The list of traces does not exist, or no longer: see ReadRoots.
bool IsGone(int status) { return status == 404 || status == 405 || status == 410; }

void AddMember(std::string& members, std::string_view key, std::string_view value) {
  if (value.empty() || value == "null") return;
  if (!members.empty()) members += ',';
  members.append("\"").append(key).append("\":").append(value);
}

// A trace from its root observation, which has what the list of traces would say of it.
Trace OfRoot(std::string_view root) {
  Trace trace;
  trace.id = TextMember(root, "traceId");
  trace.time_ns = TimeMember(root, "startTime");
  const std::string_view named = MemberText(root, "traceName");
  AddMember(trace.members, "id", MemberText(root, "traceId"));
  AddMember(trace.members, "timestamp", MemberText(root, "startTime"));
  AddMember(trace.members, "name",
            named.empty() || named == "null" || named == "\"\"" ? MemberText(root, "name") : named);
  for (const std::string_view key :
       {"userId", "sessionId", "tags", "release", "version", "environment", "projectId"}) {
    AddMember(trace.members, key, MemberText(root, key));
  }
  return trace;
}

}  // namespace

Trace ParseTrace(std::string_view object) {
  Trace trace;
  ForEachMemberText(object, [&](std::string_view key, std::string_view value) {
    if (key == "observations" || key == "scores") {
      auto& objects = key == "scores" ? trace.scores : trace.observations;
      ForEachItemText(value, [&](std::string_view item) {
        if (item.starts_with('{')) objects.emplace_back(item);
        if (item.starts_with('"') && key == "scores") trace.score_ids.push_back(DecodedText(item));
      });
      return;
    }
    AddMember(trace.members, key, value);
    if (key == "id") trace.id = DecodedText(value);
  });
  trace.time_ns = TimeMember(object, "timestamp");
  for (const std::string& each : trace.observations) trace.bytes += each.size();
  return trace;
}

Result<WebReply> TraceList::AskForPage(int page, int limit, const std::stop_token& stop) {
  Result<WebReply> reply =
      client_.Get({TracesPath(filter_, window_, page, limit, with_fields_), {}}, stop);
  if (!reply || reply->status != 400 || !with_fields_) return reply;
  with_fields_ = false;
  return client_.Get({TracesPath(filter_, window_, page, limit, with_fields_), {}}, stop);
}

void TraceList::Advance(const std::vector<Trace>& traces) {
  for (const Trace& trace : traces) {
    in_order_ = in_order_ && trace.time_ns >= reached_ns_;
    reached_ns_ = std::max(reached_ns_, trace.time_ns);
  }
}

Result<std::vector<Trace>> TraceList::NextPage(const std::stop_token& stop) {
  const Result<WebReply> reply = AskForPage(page_, kTracesPerPage, stop);
  if (!reply) return reply.error();
  if (page_ == 1 && IsGone(reply->status)) {
    if (Result<void> read = ReadRoots(stop); !read) return read.error();
    return TakeRoots();
  }
  if (!IsSuccess(reply->status)) return client_.StatusError(reply->status, "traces");
  const Result<ReplyPage> page = ReadPage(reply->body, "traces");
  if (!page) return page.error();
  ++page_;
  if (page->total_items) total_ = page->total_items;
  const bool is_short = page->items.size() < kTracesPerPage;
  ended_ = page->total_pages ? page_ > *page->total_pages : is_short;
  std::vector<Trace> traces;
  std::set<std::string> ids;
  for (const std::string_view item : page->items) {
    Trace trace = ParseTrace(item);
    ids.insert(trace.id);
    if (!last_page_.contains(trace.id)) traces.push_back(std::move(trace));
  }
  if (page->items.empty()) ended_ = true;
  last_page_ = std::move(ids);
  return traces;
}

Result<void> TraceList::ReadRoots(const std::stop_token& stop) {
  std::vector<Trace> roots;
  std::set<std::string> seen;
  std::string cursor;
  do {
    const Result<WebReply> reply = client_.Get({RootsPath(filter_, window_, cursor), {}}, stop);
    if (!reply) return reply.error();
    if (!IsSuccess(reply->status)) return client_.StatusError(reply->status, "traces");
    Result<ReplyPage> page = ReadPage(reply->body, "observations");
    if (!page) return page.error();
    for (const std::string_view item : page->items) {
      Trace root = OfRoot(item);
      if (!root.id.empty() && seen.insert(root.id).second) roots.push_back(std::move(root));
    }
    if (page->cursor == cursor) break;
    cursor = std::move(page->cursor);
    if (roots.size() > kMaxRoots) {
      return Error{Code::kInvalidArgument,
                   client_.address().host +
                       " has over 500,000 traces in this window; import them "
                       "in parts, with --from and --to"};
    }
  } while (!cursor.empty());
  std::stable_sort(roots.begin(), roots.end(),
                   [](const Trace& a, const Trace& b) { return a.time_ns > b.time_ns; });
  total_ = static_cast<std::int64_t>(roots.size());
  roots_ = std::move(roots);
  return {};
}

std::vector<Trace> TraceList::TakeRoots() {
  std::vector<Trace> traces;
  while (!roots_->empty() && traces.size() < kTracesPerPage) {
    traces.push_back(std::move(roots_->back()));
    roots_->pop_back();
  }
  ended_ = roots_->empty();
  return traces;
}

Result<std::vector<Trace>> TraceList::Next(const std::stop_token& stop) {
  while (!ended_) {
    Result<std::vector<Trace>> traces =
        roots_ ? Result<std::vector<Trace>>(TakeRoots()) : NextPage(stop);
    if (!traces) return traces;
    Advance(*traces);
    if (!traces->empty()) return traces;
  }
  return std::vector<Trace>();
}

Result<std::optional<std::int64_t>> TraceList::Count(const std::stop_token& stop) {
  const Result<WebReply> reply = AskForPage(1, 1, stop);
  if (!reply) return reply.error();
  if (IsGone(reply->status)) {
    if (Result<void> read = ReadRoots(stop); !read) return read.error();
    return total_;
  }
  if (!IsSuccess(reply->status)) return client_.StatusError(reply->status, "traces");
  const Result<ReplyPage> page = ReadPage(reply->body, "traces");
  if (!page) return page.error();
  return page->total_items;
}

}  // namespace halo::langfuse
