// SPDX-License-Identifier: MIT
// MCP's Streamable HTTP on one path, for both eras: from a request to the dispatcher, and from its
// replies to JSON, an event stream or a status. Knows no sockets. Thread-safe.
//
// An answer that is there at once is JSON. The first notification, or waiting (HttpExchange::
// Linger), makes it a stream of server-sent events, whose head goes out immediately, because
// clients give up on a server that is silent for a minute. GET opens the stream of a legacy session
// for what belongs to no request.
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
  std::size_t max_calls = 256;  // that ask the engine, at once
  // A longer message is read off the thread that serves others.
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

  // What is wrong with a request as far as its head tells.
  std::optional<HttpResponse> Refuse(const HttpRequest& request);
  // Answers, now or later. Null if the answer is complete.
  std::shared_ptr<HttpExchange> Answer(const HttpRequest& request,
                                       std::shared_ptr<HttpAnswer> answer);
  std::size_t sessions() const { return sessions_.size(); }

 private:
  class Exchange;
  class Listener;

  // The session of a legacy request, a new one where it names none; null where it is unknown.
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
