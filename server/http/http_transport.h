// SPDX-License-Identifier: MIT
// HTTP/1.1 (and 1.0) over TCP: connections, limits and timeouts. HttpService answers the requests.
// The folder tcp implements it, with Boost.Beast and Asio.
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
  std::uint16_t port = 4318;  // 0 picks a free one
  int threads = 2;            // for I/O; calls run elsewhere
  std::size_t max_connections = 512;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_body_bytes = 8 << 20;
  std::size_t max_telemetry_bytes = 32 << 20;  // of a body with OTLP, as it is sent
  // All request bodies in memory at once; bodies of up to 64 KB do not count.
  std::size_t max_bodies_bytes = 64 << 20;
  // How long a client may take: between requests, for a head, for a body, to read an answer.
  std::chrono::milliseconds idle{75'000}, head{10'000}, body{30'000}, write{30'000};
  std::size_t max_unsent = 4 << 20;  // bytes queued for a client that does not read its stream
  // A call that takes longer than `linger` is answered with a stream. A stream that has been silent
  // for `comment` gets a comment, which keeps it alive.
  std::chrono::milliseconds linger{300}, comment{15'000};
  // On shutdown, running calls first have `to_answer` to finish, then `to_stop` to stop.
  std::chrono::milliseconds to_answer{10'000}, to_stop{2'000};
};

class HttpServer {
 public:
  // Listens and serves on its own threads. `service` must outlive the server.
  static Result<std::unique_ptr<HttpServer>> Start(HttpService& service,
                                                   const HttpOptions& options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // Refuses new connections and requests, gives running calls time to finish, ends streams and
  // closes all connections. False if a call was left unanswered.
  bool Stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

// Whether an IP address is a loopback address; an error if it is not an IP address.
Result<bool> IsLoopback(const std::string& address);

}  // namespace halo
