// SPDX-License-Identifier: MIT
// MCP's Streamable HTTP on one path, for legacy and modern revisions: passes requests to the
// dispatcher and turns its replies into JSON, an event stream or a status. Does no I/O.
// Thread-safe.
//
// A reply that is ready at once is sent as JSON. The first notification, or a delay (HttpExchange::
// Linger), turns the answer into a stream of server-sent events, whose head is sent immediately:
// clients give up on a server that is silent for a minute. GET opens the event stream of a legacy
// session, for messages that belong to no request.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "server/http/message.h"
#include "server/http/metrics.h"
#include "server/http/session_table.h"
#include "server/methods/dispatcher.h"

namespace halo {

struct McpEndpointOptions {
  std::size_t max_sessions = 1000;
  std::chrono::hours session_idle{12};
  std::size_t max_calls = 256;  // in progress at once
  // A longer message is parsed on a worker, not on the I/O thread.
  std::size_t max_inline_body = 64 * 1024;
};

class McpEndpoint {
 public:
  // Starts a job on another thread.
  using Run = std::function<void(std::function<void()>)>;

  McpEndpoint(const Dispatcher& dispatcher, HttpMetrics& metrics, Run run,
              const McpEndpointOptions& options)
      : dispatcher_(dispatcher),
        metrics_(metrics),
        run_(std::move(run)),
        options_(options),
        sessions_(options.max_sessions, options.session_idle) {}

  // The error response to a request that is refused by its head alone, else empty.
  std::optional<HttpResponse> Refuse(const HttpRequest& request);
  // Answers, now or later. Null if the answer is complete.
  std::shared_ptr<HttpExchange> Answer(const HttpRequest& request,
                                       std::shared_ptr<HttpAnswer> answer);
  std::size_t sessions() const { return sessions_.size(); }

 private:
  class Exchange;
  class Listener;

  // The session that a legacy request names; a new one if it names none; null if it is unknown.
  std::shared_ptr<HttpSession> SessionOf(const HttpRequest& request);
  void Post(const HttpRequest& request, const std::shared_ptr<HttpSession>& session,
            const std::shared_ptr<Exchange>& exchange);
  std::shared_ptr<HttpExchange> Listen(const HttpRequest& request,
                                       const std::shared_ptr<HttpAnswer>& answer);
  HttpResponse Delete(const HttpRequest& request);

  const Dispatcher& dispatcher_;
  HttpMetrics& metrics_;
  const Run run_;
  const McpEndpointOptions options_;
  SessionTable sessions_;
};

}  // namespace halo
