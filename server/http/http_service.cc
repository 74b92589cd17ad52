// SPDX-License-Identifier: MIT
#include "server/http/http_service.h"

#include <utility>

#include "server/protocol/json_rpc.h"
#include "server/protocol/message_text.h"

namespace halo {
namespace {

constexpr std::string_view kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

bool IsRead(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Adds CORS headers to each response head.
class CrossOriginAnswer : public HttpAnswer {
 public:
  CrossOriginAnswer(std::shared_ptr<HttpAnswer> answer, HttpResponse additions)
      : answer_(std::move(answer)), additions_(std::move(additions)) {}

  void Send(HttpResponse response) override { answer_->Send(Add(std::move(response))); }
  void OpenStream(HttpResponse head) override { answer_->OpenStream(Add(std::move(head))); }
  void Write(std::string bytes) override { answer_->Write(std::move(bytes)); }
  void CloseStream() override { answer_->CloseStream(); }

 private:
  HttpResponse Add(HttpResponse response) const {
    response.fields.insert(response.fields.end(), additions_.fields.begin(),
                           additions_.fields.end());
    return response;
  }

  const std::shared_ptr<HttpAnswer> answer_;
  const HttpResponse additions_;
};

}  // namespace

HttpService::HttpService(const Dispatcher& dispatcher, McpEndpoint::Run run,
                         HttpServiceOptions options)
    : options_(std::move(options)),
      access_(options_.access),
      run_(run),
      mcp_(dispatcher, metrics_, std::move(run), options_.mcp),
      otlp_(options_.otlp) {}

HttpRoute HttpService::RouteOf(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (path == "/mcp") return HttpRoute::kMcp;
  if (path == "/healthz") return HttpRoute::kHealth;
  if (path == "/metrics") return HttpRoute::kMetrics;
  if (OtlpEndpoint::SignalOf(path)) return HttpRoute::kTelemetry;
  if (path.starts_with("/.well-known/")) return HttpRoute::kWellKnown;
  return HttpRoute::kOther;
}

std::optional<HttpResponse> HttpService::Refuse(const HttpRequest& request, std::size_t fields) {
  if (fields > options_.max_fields) {
    return TextResponse(
        431, "Too many header fields; the limit is " + std::to_string(options_.max_fields) + ".");
  }
  auto refusal = access_.Refuse(request);
  if (!refusal) {
    refusal = RefuseRoute(request);
    if (refusal) access_.AllowOrigin(request, *refusal);
  }
  if (refusal && RouteOf(request) == HttpRoute::kTelemetry) {
    return OtlpEndpoint::ToSender(request, *std::move(refusal));
  }
  return refusal;
}

HttpResponse HttpService::ToSender(const HttpRequest& request, HttpResponse refusal,
                                   std::initializer_list<std::string_view> body) {
  const HttpRoute route = RouteOf(request);
  if (route == HttpRoute::kTelemetry) return OtlpEndpoint::ToSender(request, std::move(refusal));
  if (route != HttpRoute::kMcp || request.method != "POST") return refusal;
  // An MCP client gets a JSON-RPC error, with the id of its request if that has arrived.
  IdFinder finder;
  for (const std::string_view part : body) finder.Feed(part);
  while (refusal.body.ends_with('\n')) refusal.body.pop_back();
  refusal.body = ErrorText(finder.id(), {kInvalidRequest, "Invalid request: " + refusal.body});
  refusal.content_type = "application/json";
  return refusal;
}

void HttpService::CountGrpc() {
  if (options_.on_grpc) run_(options_.on_grpc);
}

std::optional<HttpResponse> HttpService::RefuseRoute(const HttpRequest& request) {
  if (request.method == "OPTIONS") return std::nullopt;
  switch (RouteOf(request)) {
    case HttpRoute::kMcp:
      if (options_.serves_mcp) return mcp_.Refuse(request);
      return TextResponse(404, "Not found. This process serves MCP on its standard input.");
    case HttpRoute::kTelemetry:
      return otlp_.Refuse(request);
    case HttpRoute::kHealth:
    case HttpRoute::kMetrics:
    case HttpRoute::kWellKnown: {
      if (IsRead(request)) return std::nullopt;
      HttpResponse response = TextResponse(405, "Method not allowed; use GET or HEAD.");
      response.fields.emplace_back("Allow", "GET, HEAD, OPTIONS");
      return response;
    }
    case HttpRoute::kOther:
      break;
  }
  return TextResponse(404, "Not found. MCP is served at /mcp, and OTLP is received at /v1/traces.");
}

std::shared_ptr<HttpExchange> HttpService::Answer(const HttpRequest& request,
                                                  std::shared_ptr<HttpAnswer> answer) {
  if (request.Get("Origin")) {
    HttpResponse additions;
    access_.AllowOrigin(request, additions);
    answer = std::make_shared<CrossOriginAnswer>(std::move(answer), std::move(additions));
  }
  if (request.method == "OPTIONS") {
    answer->Send(Preflight(request));
    return nullptr;
  }
  switch (RouteOf(request)) {
    case HttpRoute::kMcp:
      return mcp_.Answer(request, std::move(answer));
    case HttpRoute::kTelemetry:
      otlp_.Answer(request, std::move(answer));
      break;
    case HttpRoute::kHealth:
      if (options_.health) {
        run_([this, answer] { answer->Send(options_.health()); });
      } else {
        answer->Send(TextResponse(200, "ok"));
      }
      break;
    case HttpRoute::kMetrics:
      // On a worker, because it queries the store.
      run_([this, answer] { answer->Send({200, kPrometheus, MetricsText(), {}}); });
      break;
    default: {
      auto metadata = access_.ResourceMetadata(request);
      answer->Send(metadata
                       ? std::move(*metadata)
                       : TextResponse(404, "Not found. No authorization server is configured."));
    }
  }
  return nullptr;
}

HttpResponse HttpService::Preflight(const HttpRequest& request) const {
  HttpResponse response{204, {}, {}, {}};
  const HttpRoute route = RouteOf(request);
  const std::string methods = route == HttpRoute::kMcp         ? "POST, GET, DELETE"
                              : route == HttpRoute::kTelemetry ? "POST"
                                                               : "GET, HEAD";
  response.fields.emplace_back("Allow", methods + ", OPTIONS");
  if (!request.Get("Access-Control-Request-Method")) return response;
  response.fields.emplace_back("Access-Control-Allow-Methods", methods);
  // Any header name is allowed; the headers themselves are checked with the actual request.
  if (const auto names = request.Get("Access-Control-Request-Headers")) {
    response.fields.emplace_back("Access-Control-Allow-Headers", std::string(*names));
  }
  response.fields.emplace_back("Access-Control-Max-Age", "600");
  return response;
}

std::string HttpService::MetricsText() const {
  std::string text = metrics_.Text();
  AppendMetric(text, "halo_mcp_sessions", "gauge", "Open sessions of legacy clients.",
               static_cast<double>(mcp_.sessions()));
  AppendProcessMetrics(text);
  if (options_.append_metrics) options_.append_metrics(text);
  return text;
}

}  // namespace halo
