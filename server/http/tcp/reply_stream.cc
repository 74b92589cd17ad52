// SPDX-License-Identifier: MIT
#include "server/http/tcp/reply_stream.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <utility>

namespace halo {
namespace asio = boost::asio;

// Runs `act` on the loop's thread: at once during a call to the service from there, else posted, so
// that the order is kept.
template <class Act>
void ReplyStream::InLoop(Act act) {
  if (loop_.context.get_executor().running_in_this_thread() && calling_) return act();
  asio::post(loop_.context, [owner = owner_.lock(), act = std::move(act)]() mutable {
    if (owner) act();
  });
}

void ReplyStream::Send(HttpResponse response) {
  InLoop([this, response = std::move(response)]() mutable { SendHere(std::move(response)); });
}

void ReplyStream::OpenStream(HttpResponse head) {
  InLoop([this, head = std::move(head)]() mutable { OpenHere(std::move(head)); });
}

void ReplyStream::Write(std::string bytes) {
  InLoop([this, bytes = std::move(bytes)] {
    if (state_ == State::kStreaming) Queue(Chunk(bytes));
  });
}

void ReplyStream::CloseStream() {
  InLoop([this] { CloseHere(); });
}

void ReplyStream::Begin(bool http_1_0, bool is_head, bool keep) {
  state_ = State::kExpected;
  http_1_0_ = http_1_0;
  is_head_ = is_head;
  keep_ = keep;
  is_stream_ = false;
  status_ = 0;
  sent_ = 0;
}

void ReplyStream::Abandon() {
  if (std::exchange(is_stream_, false)) server_.service.metrics().ChangeStreams(-1);
  state_ = State::kNone;
  Wake();
}

std::pair<std::string_view, std::string_view> ReplyStream::Front() {
  taken_ = std::min<std::size_t>(unsent_.size(), 2);
  return {unsent_.front(), taken_ > 1 ? std::string_view(unsent_[1]) : std::string_view()};
}

void ReplyStream::Pop() {
  for (; taken_ > 0; --taken_) {
    sent_ += unsent_.front().size();
    unsent_bytes_ -= unsent_.front().size();
    unsent_.pop_front();
  }
  if (!unsent_.empty() || state_ != State::kAnswered) return;
  if (std::exchange(is_stream_, false)) server_.service.metrics().ChangeStreams(-1);
}

Awaitable<void> ReplyStream::Changed() {
  wake_.expires_at(Clock::time_point::max());
  co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable_t<Executor>()));
}

void ReplyStream::Queue(std::string bytes) {
  // The connection will be closed, so that the rest is of no use.
  overflows_ =
      overflows_ || (is_stream_ && unsent_bytes_ + bytes.size() > server_.options.max_unsent);
  if (overflows_) {
    keep_ = false;
    return;
  }
  unsent_bytes_ += bytes.size();
  unsent_.push_back(std::move(bytes));
  Wake();
}

std::string ReplyStream::HeadOf(const HttpResponse& response, bool stream) const {
  std::string head = http_1_0_ ? "HTTP/1.0 " : "HTTP/1.1 ";
  head.reserve(256);
  head.append(std::to_string(response.status)).append(" ").append(ReasonOf(response.status));
  head.append("\r\nDate: ").append(loop_.date);
  if (!response.content_type.empty()) {
    head.append("\r\nContent-Type: ").append(response.content_type);
  }
  if (stream) {
    if (!http_1_0_) head.append("\r\nTransfer-Encoding: chunked");
  } else if (response.status != 204) {
    head.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  }
  for (const auto& [name, value] : response.fields) {
    head.append("\r\n").append(name).append(": ").append(value);
  }
  if (!keep_) {
    head.append("\r\nConnection: close");
  } else if (http_1_0_) {
    head.append("\r\nConnection: keep-alive");
  }
  return head.append("\r\n\r\n");
}

std::string ReplyStream::Chunk(std::string_view bytes) const {
  if (http_1_0_) return std::string(bytes);
  std::array<char, 20> size;
  const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return std::string(size.data(), static_cast<std::size_t>(length)).append(bytes).append("\r\n");
}

void ReplyStream::SendHere(HttpResponse response) {
  if (state_ != State::kExpected) return;
  keep_ = keep_ && !server_.draining;
  status_ = response.status;
  state_ = State::kAnswered;
  std::string head = HeadOf(response, false);
  const bool has_body = !is_head_ && !response.body.empty();
  Queue(std::move(head));
  if (has_body) Queue(std::move(response.body));
}

void ReplyStream::OpenHere(HttpResponse head) {
  if (state_ != State::kExpected) return;
  keep_ = keep_ && !http_1_0_;  // HTTP/1.0 has no chunks: closing ends the stream
  status_ = head.status;
  state_ = State::kStreaming;
  is_stream_ = true;
  server_.service.metrics().ChangeStreams(1);
  Queue(HeadOf(head, true));
}

void ReplyStream::CloseHere() {
  if (state_ != State::kStreaming) return;
  state_ = State::kAnswered;
  Queue(http_1_0_ ? std::string() : "0\r\n\r\n");
}

}  // namespace halo
