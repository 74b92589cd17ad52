// SPDX-License-Identifier: MIT
#include "server/http/mcp_endpoint.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <mutex>
#include <utility>

#include "server/protocol/json_rpc.h"

namespace halo {
namespace {

constexpr std::string_view kJson = "application/json", kEvents = "text/event-stream";
constexpr std::string_view kSessionHeader = "Mcp-Session-Id";
constexpr std::string_view kListen = "subscriptions/listen";

// The media types that the client accepts as the answer to a POST. Without event streams, the call
// sends no progress or other notifications.
struct AnswerForms {
  bool json, events;
};

int StatusOf(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::kNothing:
      return 202;
    case ReplyKind::kAnswer:
      return 200;
    case ReplyKind::kBadRequest:
      return 400;
    case ReplyKind::kUnknownMethod:
      return 404;
  }
  return 500;
}

// The media type without parameters.
std::string_view TypeOf(std::string_view value) {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  return value;
}

// Whether a range of an Accept header has weight 0, as in "text/html;q=0".
bool HasZeroWeight(std::string_view range) {
  while (!range.empty()) {
    const std::size_t end = std::min(range.find(';'), range.size());
    std::string_view parameter = range.substr(0, end);
    range.remove_prefix(std::min(end + 1, range.size()));
    while (parameter.starts_with(' ') || parameter.starts_with('\t')) parameter.remove_prefix(1);
    if (parameter.size() < 3 || !EqualsIgnoreCase(parameter.substr(0, 2), "q=")) continue;
    return parameter.substr(2).find_first_not_of("0. \t") == parameter.npos;
  }
  return false;
}

// How specifically a media range matches a type; 0 if it does not match.
int Specificity(std::string_view range, std::string_view type) {
  if (EqualsIgnoreCase(range, type)) return 3;
  if (range == "*/*" || range == "*") return 1;
  const bool family = range.ends_with("/*") && EqualsIgnoreCase(range.substr(0, range.size() - 1),
                                                                type.substr(0, type.find('/') + 1));
  return family ? 2 : 0;
}

// Whether an Accept header accepts `type`; the most specific range decides (RFC 9110, 12.5.1).
bool Accepts(std::string_view accept, std::string_view type) {
  int highest = 0;
  bool found = false;
  ForEachElement(accept, [&](std::string_view element) {
    const int specificity = Specificity(TypeOf(element), type);
    if (specificity < highest || specificity == 0) return;
    found = !HasZeroWeight(element) || (found && specificity == highest);
    highest = specificity;
  });
  return found;
}

AnswerForms FormsOf(const HttpRequest& request) {
  std::string accept = request.fields->Joined("Accept");
  if (accept.find_first_not_of(", \t") == accept.npos) accept = "*/*";
  return {Accepts(accept, kJson), Accepts(accept, kEvents)};
}

// Whether this body is an `initialize` request, which opens a session.
bool IsInitialize(std::string_view body) {
  constexpr std::size_t kMaxInitialize = 64 * 1024;
  if (body.size() > kMaxInitialize) return false;
  const auto value = ParseJson(body);
  const boost::json::object* message = value ? value->if_object() : nullptr;
  const boost::json::value* method = message ? message->if_contains("method") : nullptr;
  return method && *method == "initialize";
}

// A modern request must name its revision in this header; without it, it is refused later.
bool IsModern(const HttpRequest& request) {
  const auto version = request.Get("MCP-Protocol-Version");
  return version && *version > NameOf(kLatestLegacy);
}

HttpResponse NotAllowed() {
  HttpResponse response = TextResponse(
      405,
      "Method not allowed; use POST with a JSON-RPC message. With an Mcp-Session-Id header, GET "
      "opens the session's event stream and DELETE ends the session.");
  response.fields.emplace_back("Allow", "POST, GET, DELETE, OPTIONS");
  return response;
}

HttpResponse NoSession() {
  return TextResponse(404,
                      "Session not found; it may have expired. Send initialize to open a new one.");
}

}  // namespace

// One POST and its pending answer.
class McpEndpoint::Exchange : public HttpExchange,
                              public std::enable_shared_from_this<McpEndpoint::Exchange> {
 public:
  Exchange(std::shared_ptr<Connection> connection, bool cancels, AnswerForms forms,
           std::shared_ptr<HttpAnswer> answer)
      : connection_(std::move(connection)),
        cancels_(cancels),
        forms_(forms),
        answer_(std::move(answer)) {}

  Outbox MakeOutbox() {
    Outbox outbox{{}, [self = shared_from_this()](Reply reply) { self->Finish(std::move(reply)); }};
    if (forms_.events) {
      outbox.notify = [self = shared_from_this()](std::string message) { self->Notify(message); };
    }
    return outbox;
  }

  void Notify(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kDone) return;
    Open();
    answer_->Write(EventOf(message));
  }

  void Finish(Reply reply) {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kHeld) {
      held_ = std::move(reply);
    } else if (state_ != State::kDone) {
      Complete(std::move(reply));
    }
  }

  // A reply is held back until this is called, because the answer to `initialize` carries the new
  // session id as a header.
  void Release(std::string session_id) {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kHeld) return;
    state_ = State::kWaiting;
    session_id_ = std::move(session_id);
    if (held_) Complete(std::move(*held_));
  }

  bool done() const {
    const std::lock_guard lock(mutex_);
    return state_ == State::kDone;
  }

  // A job of this exchange has started or ended.
  void SetRunning(bool running) {
    const std::lock_guard lock(mutex_);
    running_ = running;
  }

  void Linger() override {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kWaiting && forms_.events) Open();
  }

  void Disconnect() override {
    if (cancels_) connection_->CancelAll();
  }

  void Stop(bool running) override {
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::kDone || (running_ && !running)) return;
    }
    connection_->StopAll();
  }

 private:
  enum class State { kHeld, kWaiting, kStreaming, kDone };

  // The methods below require the mutex.
  void Open() {
    if (state_ == State::kStreaming) return;
    state_ = State::kStreaming;
    HttpResponse head = StreamHead();
    AddSession(head);
    answer_->OpenStream(std::move(head));
  }

  void Complete(Reply reply) {
    if (!forms_.json && reply.kind == ReplyKind::kAnswer) Open();
    const std::shared_ptr<HttpAnswer> answer = std::exchange(answer_, nullptr);
    if (std::exchange(state_, State::kDone) == State::kStreaming) {
      if (reply.kind != ReplyKind::kNothing) answer->Write(EventOf(reply.text));
      answer->CloseStream();
      return;
    }
    HttpResponse response{StatusOf(reply.kind),
                          reply.text.empty() ? std::string_view() : kJson,
                          std::move(reply.text),
                          {}};
    AddSession(response);
    answer->Send(std::move(response));
  }

  void AddSession(HttpResponse& response) {
    if (!session_id_.empty()) response.fields.emplace_back(kSessionHeader, session_id_);
  }

  const std::shared_ptr<Connection> connection_;
  const bool cancels_;  // whether a disconnect cancels the calls
  const AnswerForms forms_;
  mutable std::mutex mutex_;  // held while sending, which fixes the order
  State state_ = State::kHeld;
  bool running_ = false;
  std::optional<Reply> held_;
  std::string session_id_;
  std::shared_ptr<HttpAnswer> answer_;
};

// A session's event stream, opened with GET.
class McpEndpoint::Listener : public HttpExchange {
 public:
  explicit Listener(std::shared_ptr<EventChannel> channel) : channel_(std::move(channel)) {}
  void Linger() override {}
  void Disconnect() override { channel_->Drop(); }
  void Stop(bool) override { channel_->Close(); }

 private:
  const std::shared_ptr<EventChannel> channel_;
};

std::optional<HttpResponse> McpEndpoint::Refuse(const HttpRequest& request) {
  if (request.method == "DELETE" || request.method == "OPTIONS") return std::nullopt;
  if (request.method == "GET" && request.Get(kSessionHeader) && !IsModern(request)) {
    if (FormsOf(request).events) return std::nullopt;
    return TextResponse(
        406, "Not acceptable; the response is an event stream. Send Accept: text/event-stream.");
  }
  if (request.method != "POST") return NotAllowed();
  const std::string_view type = TypeOf(request.Get("Content-Type").value_or(""));
  if (!EqualsIgnoreCase(type, kJson) || request.fields->Count("Content-Type") != 1) {
    return TextResponse(415, "Unsupported media type; send Content-Type: application/json.");
  }
  if (request.fields->Count("Content-Encoding") > 0) {
    return TextResponse(415, "Unsupported Content-Encoding; send the body uncompressed.");
  }
  const AnswerForms forms = FormsOf(request);
  if (!forms.json && !forms.events) {
    return TextResponse(406, "Not acceptable; send Accept: application/json, text/event-stream.");
  }
  if (!forms.events && request.Get("Mcp-Method") == kListen) {
    return TextResponse(
        406, "Not acceptable; the response is an event stream. Send Accept: text/event-stream.");
  }
  return std::nullopt;
}

std::shared_ptr<HttpExchange> McpEndpoint::Answer(const HttpRequest& request,
                                                  std::shared_ptr<HttpAnswer> answer) {
  if (request.method == "DELETE") {
    answer->Send(Delete(request));
    return nullptr;
  }
  if (request.method == "GET") return Listen(request, answer);
  const bool modern = IsModern(request);
  const std::shared_ptr<HttpSession> session =
      modern ? std::make_shared<HttpSession>() : SessionOf(request);
  if (!session) {
    answer->Send(NoSession());
    return nullptr;
  }
  if (metrics_.calls() >= static_cast<std::int64_t>(options_.max_calls)) {
    HttpResponse busy =
        TextResponse(503, "Too many calls in progress; the limit is " +
                              std::to_string(options_.max_calls) + ". Try again in a second.");
    busy.fields.emplace_back("Retry-After", "1");
    answer->Send(std::move(busy));
    return nullptr;
  }
  const auto exchange =
      std::make_shared<Exchange>(session->connection, modern, FormsOf(request), std::move(answer));
  if (request.body.size() <= options_.max_inline_body) {
    Post(request, session, exchange);
  } else {
    run_([this, request, session, exchange] { Post(request, session, exchange); });
  }
  return exchange->done() ? nullptr : exchange;
}

std::shared_ptr<HttpSession> McpEndpoint::SessionOf(const HttpRequest& request) {
  if (const auto id = request.Get(kSessionHeader)) {
    auto found = sessions_.Find(*id);
    // A client that sends initialize again after a server restart may still send its old id.
    if (found || !IsInitialize(request.body)) return found;
  }
  auto session = std::make_shared<HttpSession>();
  session->connection->SetChannel(
      [channel = session->channel](const std::string& message) { channel->Send(message); });
  return session;
}

std::shared_ptr<HttpExchange> McpEndpoint::Listen(const HttpRequest& request,
                                                  const std::shared_ptr<HttpAnswer>& answer) {
  const std::shared_ptr<HttpSession> session = sessions_.Find(*request.Get(kSessionHeader));
  if (!session) {
    answer->Send(NoSession());
  } else if (session->channel->Open(answer)) {
    return std::make_shared<Listener>(session->channel);
  } else {
    answer->Send(TextResponse(409, "The session already has an event stream."));
  }
  return nullptr;
}

void McpEndpoint::Post(const HttpRequest& request, const std::shared_ptr<HttpSession>& session,
                       const std::shared_ptr<Exchange>& exchange) {
  Envelope envelope{request.Get("MCP-Protocol-Version"), request.Get("Mcp-Method"),
                    request.Get("Mcp-Name"), [&request](std::string_view name) {
                      return request.Get(std::string("Mcp-Param-").append(name));
                    }};
  const std::shared_ptr<Connection>& connection = session->connection;
  const bool was_opened = connection->opened().has_value();
  Job job = dispatcher_.Handle(request.body, connection, exchange->MakeOutbox(), &envelope);
  const bool opens = !was_opened && connection->opened();
  exchange->SetRunning(job != nullptr);
  exchange->Release(opens ? sessions_.Add(session) : std::string());
  if (!job) return;
  metrics_.ChangeCalls(1);
  run_([this, exchange, job = std::move(job)]() mutable {
    job();
    job = nullptr;
    exchange->SetRunning(false);
    metrics_.ChangeCalls(-1);
  });
}

HttpResponse McpEndpoint::Delete(const HttpRequest& request) {
  if (IsModern(request)) return NotAllowed();
  const auto id = request.Get(kSessionHeader);
  if (!id) return TextResponse(400, "Missing Mcp-Session-Id header; DELETE ends that session.");
  if (!sessions_.Remove(*id)) return NoSession();
  return {204, {}, {}, {}};
}

}  // namespace halo
