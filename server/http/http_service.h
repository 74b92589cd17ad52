// SPDX-License-Identifier: MIT
// The routes of the HTTP server, with access control in front of them. Does no I/O. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/access.h"
#include "server/http/mcp_endpoint.h"
#include "server/http/message.h"
#include "server/http/metrics.h"
#include "server/http/otlp_endpoint.h"

namespace halo {

struct HttpServiceOptions {
  AccessOptions access;
  McpEndpointOptions mcp;
  OtlpEndpointOptions otlp;
  bool serves_mcp = true;        // whether /mcp and /metrics exist
  std::size_t max_fields = 100;  // header fields of a request
  // Appends the owner's metrics, such as the size of the store, to /metrics.
  std::function<void(std::string&)> append_metrics;
  // The response of /healthz; empty for "ok".
  std::function<HttpResponse()> health;
  // A client that speaks gRPC has connected.
  std::function<void()> on_grpc;
};

class HttpService {
 public:
  HttpService(const Dispatcher& dispatcher, McpEndpoint::Run run, HttpServiceOptions options);

  static HttpRoute RouteOf(const HttpRequest& request);

  // The error response to a request that is refused by its head alone, else empty. `fields` is the
  // number of header fields.
  std::optional<HttpResponse> Refuse(const HttpRequest& request, std::size_t fields);
  // Answers a request that was not refused, now or later. Null if the answer is complete, or will
  // complete without being waited for.
  std::shared_ptr<HttpExchange> Answer(const HttpRequest& request,
                                       std::shared_ptr<HttpAnswer> answer);
  // A refusal of a request in the form that its sender expects. `body` is what has arrived of its
  // body.
  static HttpResponse ToSender(const HttpRequest& request, HttpResponse refusal,
                               std::initializer_list<std::string_view> body);
  void CountGrpc();
  // See OtlpEndpoint::Drain.
  bool Drain(std::chrono::milliseconds limit) { return otlp_.Drain(limit); }
  HttpMetrics& metrics() { return metrics_; }

 private:
  std::optional<HttpResponse> RefuseRoute(const HttpRequest& request);
  HttpResponse Preflight(const HttpRequest& request) const;
  std::string MetricsText() const;

  const HttpServiceOptions options_;
  const AccessRules access_;
  const McpEndpoint::Run run_;
  HttpMetrics metrics_;
  McpEndpoint mcp_;
  OtlpEndpoint otlp_;
};

}  // namespace halo
