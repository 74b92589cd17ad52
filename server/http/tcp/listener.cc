// SPDX-License-Identifier: MIT
#include "server/http/tcp/listener.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "server/http/tcp/connection.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace halo {
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Connections over the limit that may be receiving their 503 at once; more are closed unanswered.
constexpr std::size_t kMaxRejecting = 64;
// Memory is returned to the system once this much was freed, at most once per kTrimPause.
constexpr std::size_t kTrimBytes = 4 << 20;
constexpr std::chrono::seconds kTrimPause{1};

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>());

std::string DateText() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text;
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

// Setting the thresholds stops glibc from raising them, up to 32 and 64 MB, after which each thread
// would keep that much memory of large bodies. malloc_trim cannot release the top of a thread's
// heap.
void BoundKeptMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 2 << 20);
#endif
}

// `act` may close connections.
template <class Act>
void ForEachConnection(EventLoop& loop, Act act) {
  std::vector<std::shared_ptr<HttpConnection>> all;
  all.reserve(loop.connections.size());
  for (const auto& [address, connection] : loop.connections) all.push_back(connection);
  for (const auto& connection : all) act(*connection);
}

template <class Act>
void InEachLoop(std::deque<EventLoop>& loops, Act act) {
  for (EventLoop& loop : loops) asio::post(loop.context, [&loop, act] { act(loop); });
}

}  // namespace

HttpListener::HttpListener(HttpService& service, const HttpOptions& options)
    : state_(service, options), loops_(static_cast<std::size_t>(std::max(1, options.threads))) {
  BoundKeptMemory();
  for (EventLoop& loop : loops_) loop.date = DateText();
}

Result<void> HttpListener::Listen() {
  const HttpOptions& options = state_.options;
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return Error{Code::kInvalidArgument, "--listen: " + options.address + " is not an IP address"};
  }
  const asio::ip::tcp::endpoint endpoint(address, options.port);
  acceptor_.emplace(loops_[0].context);
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_->local_endpoint(error).port();
  if (!error) return {};
  const std::string where = options.address + " port " + std::to_string(options.port);
  if (error == asio::error::address_in_use) {
    return Error{Code::kUnavailable,
                 where +
                     " is already in use, perhaps by another halo-mcp or an OpenTelemetry "
                     "collector. Stop that process or choose another port; --listen " +
                     options.address + ":0 picks a free one"};
  }
  return Error{Code::kUnavailable, "Cannot listen on " + where + ": " + error.message()};
}

void HttpListener::Run() {
  for (EventLoop& loop : loops_) {
    asio::co_spawn(loop.context, Tick(loop), asio::detached);
    loop.thread = std::thread([&loop] { loop.context.run(); });
  }
  asio::co_spawn(loops_[0].context, Accept(), asio::detached);
}

// Its pending timer also keeps the loop's run() from returning.
Awaitable<void> HttpListener::Tick(EventLoop& loop) {
  while (true) {
    loop.tick.expires_after(kTick);
    const auto [error] = co_await loop.tick.async_wait(kAwait);
    if (error) co_return;
    loop.date = DateText();
    const Clock::time_point now = Clock::now();
    ForEachConnection(loop, [now](HttpConnection& connection) { connection.Tick(now); });
    if (&loop == &loops_[0]) TrimMemory(now);
  }
}

// Returns the memory of large bodies to the system. The allocator would keep it for the next ones,
// which may never come.
void HttpListener::TrimMemory(Clock::time_point now) {
  if (state_.freed < kTrimBytes || now - trimmed_ < kTrimPause) return;
  state_.freed = 0;
  trimmed_ = now;
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

Awaitable<void> HttpListener::Accept() {
  LoopTimer pause(loops_[0].context);
  for (std::size_t next = 0; acceptor_->is_open(); ++next) {
    EventLoop& loop = loops_[next % loops_.size()];
    TcpSocket socket(loop.context);
    const auto [error] = co_await acceptor_->async_accept(socket, kAwait);
    if (!acceptor_->is_open()) co_return;
    if (!error) {
      Admit(loop, std::move(socket));
      continue;
    }
    // Usually out of file descriptors: retry once some have been closed.
    pause.expires_after(kTick);
    co_await pause.async_wait(kAwait);
  }
}

void HttpListener::Admit(EventLoop& loop, TcpSocket socket) {
  const bool full = state_.open >= state_.options.max_connections;
  if (full && state_.rejecting >= kMaxRejecting) return;
  ++(full ? state_.rejecting : state_.open);
  auto connection = std::make_shared<HttpConnection>(state_, loop, std::move(socket));
  asio::post(loop.context, [&loop, full, connection = std::move(connection)] {
    loop.connections.emplace(connection.get(), connection);
    full ? connection->RejectOverCapacity() : connection->Start();
  });
}

bool HttpListener::AwaitClosed(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_.mutex);
  return state_.closed.wait_for(lock, limit,
                                [this] { return state_.open == 0 && state_.rejecting == 0; });
}

bool HttpListener::Stop() {
  if (std::exchange(is_stopped_, true)) return is_complete_;
  asio::post(loops_[0].context, [this] {
    error_code ignored;
    acceptor_->close(ignored);
  });
  state_.draining = true;
  const auto drain = [this](bool running) {
    InEachLoop(loops_, [running](EventLoop& loop) {
      ForEachConnection(loop, [running](HttpConnection& each) { each.Drain(running); });
    });
  };
  drain(false);
  is_complete_ = AwaitClosed(state_.options.to_answer);
  if (!is_complete_) {
    drain(true);
    is_complete_ = AwaitClosed(state_.options.to_stop);
  }
  InEachLoop(loops_, [](EventLoop& loop) {
    ForEachConnection(loop, [](HttpConnection& each) { each.Close(); });
    loop.context.stop();
  });
  for (EventLoop& loop : loops_) loop.thread.join();
  return is_complete_;
}

}  // namespace halo
