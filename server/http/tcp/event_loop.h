// SPDX-License-Identifier: MIT
// What the connections of a server share, and the Asio types that they use.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "server/http/http_transport.h"

namespace halo {

using Clock = std::chrono::steady_clock;
using Executor = boost::asio::io_context::executor_type;
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using LoopTimer =
    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;
template <class T>
using Awaitable = boost::asio::awaitable<T, Executor>;

class HttpConnection;

// One timer per thread checks all deadlines: a timer per request would cost more than answering a
// cheap one.
inline constexpr std::chrono::milliseconds kTick{50};

// One thread and the connections it owns; no other thread touches them.
struct EventLoop {
  boost::asio::io_context context{1};
  LoopTimer tick{context};
  std::unordered_map<HttpConnection*, std::shared_ptr<HttpConnection>> connections;
  std::string date;  // of the Date header, renewed by the tick
  std::thread thread;
};

// State of the whole server. Thread-safe.
struct ServerState {
  ServerState(HttpService& of, const HttpOptions& with) : service(of), options(with) {}

  HttpService& service;
  const HttpOptions options;
  std::atomic<std::size_t> open{0}, rejecting{0};  // connections
  std::atomic<bool> draining{false};               // no new requests are accepted
  std::atomic<std::size_t> held{0};                // bytes of request bodies in memory
  std::atomic<std::size_t> freed{0};               // bytes of bodies freed since the last trim
  std::mutex mutex;
  std::condition_variable closed;  // a connection was closed
};

}  // namespace halo
