// SPDX-License-Identifier: MIT
// The listening socket of a server and the loops among which its connections are divided.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "engine/base/result.h"
#include "server/http/tcp/event_loop.h"

namespace halo {

// Listen, Run and Stop are called by one thread, in this order.
class HttpListener {
 public:
  HttpListener(HttpService& service, const HttpOptions& options);

  Result<void> Listen();
  void Run();
  // See HttpServer::Stop.
  bool Stop();
  std::uint16_t port() const { return port_; }

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

  Awaitable<void> Accept();
  void Admit(EventLoop& loop, TcpSocket socket);
  Awaitable<void> Tick(EventLoop& loop);
  void TrimMemory(Clock::time_point now);
  bool AwaitClosed(std::chrono::milliseconds limit);

  ServerState state_;
  std::deque<EventLoop> loops_;
  std::optional<Acceptor> acceptor_;  // in the first loop
  std::uint16_t port_ = 0;
  Clock::time_point trimmed_{};
  bool is_stopped_ = false, is_complete_ = true;
};

}  // namespace halo
