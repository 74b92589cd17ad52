// SPDX-License-Identifier: MIT
// HTTP/1.1 (and 1.0) over TCP: connections, bounds and timeouts. What is asked and answered is the
// service's. Its implementation is the only file that includes Boost.Beast and Asio.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "server/http/http_service.h"

namespace halo {

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 4318;  // 0 takes a free one
  int threads = 2;            // that read and write; none of them runs a call
  std::size_t max_connections = 512;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 8 << 20;
  // Of the bodies that all connections hold at once; those of up to 64 KB do not count.
  std::size_t max_bodies_bytes = 64 << 20;
  // A client's, until it is given up: between requests, for a head, for a body, to take an answer.
  std::chrono::milliseconds idle{75'000}, head{10'000}, body{30'000}, write{30'000};
  std::size_t max_unsent = 4 << 20;  // bytes of a stream that the client does not take
  // A call that takes longer is answered as a stream; comments keep a silent stream alive.
  std::chrono::milliseconds linger{300}, comment{15'000};
  // At the end: how long running calls have, first to answer, then, told to stop, to end.
  std::chrono::milliseconds to_answer{10'000}, to_stop{2'000};
};

class HttpServer {
 public:
  // Listens and serves on threads of its own. `service` must outlive it.
  static Result<std::unique_ptr<HttpServer>> Start(HttpService& service,
                                                   const HttpOptions& options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // Takes no more connections and requests, lets running calls end within the bounds, ends streams,
  // and closes all. False where a call had to be left without its answer.
  bool Stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

// Whether an address reaches only this machine. Fails where it is none.
Result<bool> IsLoopback(const std::string& address);

}  // namespace halo
