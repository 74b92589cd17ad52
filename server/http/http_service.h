// SPDX-License-Identifier: MIT
// Every route of the HTTP server, behind the rules of access. Knows no sockets. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/http/access.h"
#include "server/http/mcp_endpoint.h"
#include "server/http/message.h"
#include "server/http/metrics.h"

namespace halo {

struct HttpServiceOptions {
  AccessOptions access;
  McpEndpointOptions mcp;
  std::size_t max_fields = 100;  // of a request's head
  // Adds what only the owner knows, such as the size of the store, to /metrics.
  std::function<void(std::string&)> append_metrics;
  // The answer of /healthz; empty for "ok".
  std::function<HttpResponse()> health;
};

class HttpService {
 public:
  HttpService(const Dispatcher& dispatcher, McpEndpoint::Run run, HttpServiceOptions options);

  static HttpRoute RouteOf(const HttpRequest& request);

  // What is refused before its body is read; empty if it may go on. `fields` is their number.
  std::optional<HttpResponse> Refuse(const HttpRequest& request, std::size_t fields);
  // Answers a request that was not refused, now or later. Null if the answer is complete, or will
  // be in a moment.
  std::shared_ptr<HttpExchange> Answer(const HttpRequest& request,
                                       std::shared_ptr<HttpAnswer> answer);
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
};

}  // namespace halo
