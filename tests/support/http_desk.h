// SPDX-License-Identifier: MIT
// An HTTP server on a free loopback port, for tests.
#pragma once

#include <memory>

#include "server/http/http_transport.h"
#include "server/methods/dispatcher.h"
#include "server/session/worker_pool.h"

namespace halo {

class HttpDesk {
 public:
  explicit HttpDesk(const Dispatcher& dispatcher, HttpOptions options = {},
                    HttpServiceOptions service = {})
      : dispatcher_(dispatcher),
        service_(
            dispatcher, [this](std::function<void()> job) { workers_.Run(std::move(job)); },
            std::move(service)) {
    options.port = 0;
    server_ = HttpServer::Start(service_, options).value();
  }
  ~HttpDesk() { Stop(); }

  std::uint16_t port() const { return server_->port(); }
  HttpService& service() { return service_; }
  // Stops the server as the product does. False if a call was left unanswered.
  bool Stop() {
    dispatcher_.StopTasks();
    const bool answered = server_->Stop();
    return workers_.Drain(std::chrono::minutes(1)) && service_.Drain(std::chrono::minutes(1)) &&
           answered;
  }

 private:
  const Dispatcher& dispatcher_;
  WorkerPool workers_{64};
  HttpService service_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace halo
