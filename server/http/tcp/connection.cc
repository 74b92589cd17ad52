// SPDX-License-Identifier: MIT
#include "server/http/tcp/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <iterator>
#include <utility>

#include "server/http/grpc_refusal.h"
#include "server/http/tcp/refusals.h"

namespace halo {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// After the last answer, input is read and discarded for this long. Closing with unread input would
// reset the connection, and the client might lose the answer.
constexpr std::chrono::seconds kMaxLingeringClose{1};
// While a request is pending, its connection is read to notice a disconnect. Up to this many bytes
// of the next request are kept.
constexpr std::size_t kMaxReadAhead = 64 * 1024;
// The body of a refused request is discarded up to this size; if it is larger, the connection is
// closed.
constexpr std::uint64_t kMaxDropped = 64 * 1024;
// Bytes per read. Bodies up to this size do not count towards max_bodies_bytes: the number of
// connections bounds them.
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kFewBytes = 4096;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable_t<Executor>());

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::optional<std::string_view> HttpConnection::Fields::Get(std::string_view name) const {
  const auto found = fields_->find(beast::string_view(name.data(), name.size()));
  if (found == fields_->end()) return std::nullopt;
  return View(found->value());
}

std::size_t HttpConnection::Fields::Count(std::string_view name) const {
  return fields_->count(beast::string_view(name.data(), name.size()));
}

std::string HttpConnection::Fields::Joined(std::string_view name) const {
  std::string all;
  const auto range = fields_->equal_range(beast::string_view(name.data(), name.size()));
  for (auto field = range.first; field != range.second; ++field) {
    all.append(all.empty() ? "" : ",").append(View(field->value()));
  }
  return all;
}

HttpConnection::HttpConnection(ServerState& server, EventLoop& loop, TcpSocket socket)
    : server_(server), loop_(loop), socket_(std::move(socket)), reply_(server, loop) {
  request_.fields = &fields_;
}

void HttpConnection::Start() {
  reply_.SetOwner(weak_from_this());
  Error ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  server_.service.metrics().ChangeConnections(1);
  asio::co_spawn(
      loop_.context, [self = shared_from_this()] { return self->Run(); }, asio::detached);
}

void HttpConnection::RejectOverCapacity() {
  reply_.SetOwner(weak_from_this());
  is_rejected_ = true;
  server_.service.metrics().ChangeConnections(1);
  server_.service.metrics().CountRefusedConnection();
  asio::co_spawn(
      loop_.context, [self = shared_from_this()] { return self->Reject(); }, asio::detached);
}

Awaitable<void> HttpConnection::Reject() {
  co_await Break(TooManyConnections(server_.options));
  co_await LingeringClose();
}

Awaitable<void> HttpConnection::Run() {
  bool goes_on = co_await ReadFirst();
  while (goes_on) {
    goes_on = co_await ReadHead();
    if (goes_on) goes_on = co_await ReadBody();
    if (goes_on) goes_on = co_await Answer();
  }
  co_await LingeringClose();
}

// The first bytes of a connection tell whether the client speaks gRPC.
Awaitable<bool> HttpConnection::ReadFirst() {
  Enter(Phase::kHead);
  if (server_.draining) Close();  // accepted before, but started after the others were told
  while (kHttp2Preface.starts_with(Buffered()) && Buffered().size() < kHttp2Preface.size()) {
    const Error error = co_await ReadSome(kFewBytes);
    if (error || timed_out_) co_return co_await Fail(error);
  }
  if (!Buffered().starts_with(kHttp2Preface)) co_return true;
  server_.service.CountGrpc();
  co_await RefuseGrpc();
  co_return false;
}

Awaitable<void> HttpConnection::RefuseGrpc() {
  Enter(Phase::kGrpc);
  GrpcRefusal refusal;
  while (socket_.is_open()) {
    const std::string answer = refusal.Feed(Buffered());
    buffer_.consume(buffer_.size());
    const auto [failed, size] = co_await asio::async_write(socket_, asio::buffer(answer), kAwait);
    if (failed) co_return Close();
    if (refusal.ends()) co_return;
    const Error ended = co_await ReadSome(kReadBytes);
    if (ended) co_return Close();
  }
}

Awaitable<bool> HttpConnection::ReadHead() {
  Enter(Phase::kHead);
  if (server_.draining) Close();
  request_.method = request_.target = {};  // of the last head, which is gone now
  request_.http_1_0 = false;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(server_.options.max_header_bytes));
  parser_->body_limit(boost::none);  // BodyReader enforces it
  const auto [error, size] = co_await http::async_read_header(socket_, buffer_, *parser_, kAwait);
  if (error || timed_out_) co_return co_await Fail(error);
  const auto& message = parser_->get();
  fields_.Set(&message);
  request_.method = View(message.method_string());
  request_.target = View(message.target());
  request_.http_1_0 = message.version() == 10;
  route_ = HttpService::RouteOf(request_);
  Enter(Phase::kBody);
  begun_ = since_;

  refusal_ = RefuseHead();
  const auto expect = request_.Get("Expect");
  const std::uint64_t length = parser_->content_length().value_or(0);
  const bool chunked = parser_->chunked();
  if (refusal_ && (expect || chunked || length > kMaxDropped)) {
    co_return co_await Break(*std::exchange(refusal_, std::nullopt));
  }
  const BodyLimits limits{MaxBody(), server_.options.max_header_bytes};
  reader_.emplace(chunked ? BodyReader::Chunked(limits) : BodyReader::OfLength(length, limits));
  longest_ = chunked ? limits.body : static_cast<std::size_t>(length);
  if (!expect || request_.http_1_0 || reader_->state() == BodyReader::State::kDone) co_return true;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto [failed, sent] =
      co_await asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()), kAwait);
  if (failed || timed_out_) co_return co_await Fail(failed);
  co_return true;
}

std::optional<HttpResponse> HttpConnection::RefuseHead() {
  const auto& message = parser_->get();
  const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  if (auto refusal = server_.service.Refuse(request_, fields)) return refusal;
  const auto expect = request_.Get("Expect");
  if (expect && !EqualsIgnoreCase(*expect, "100-continue")) {
    return TextResponse(417, "Unsupported expectation; only 100-continue is supported.");
  }
  if (parser_->content_length().value_or(0) > MaxBody()) return ToSender(BodyTooLarge(MaxBody()));
  return std::nullopt;
}

Awaitable<bool> HttpConnection::ReadBody() {
  while (true) {
    // The body usually arrives with the head.
    if (!refusal_ && !HoldBody(buffer_.size())) {
      co_return co_await Break(ToSender(TooManyBodies(server_.options)));
    }
    const std::size_t used = reader_->Read(Buffered(), refusal_ ? nullptr : &content_);
    buffer_.consume(used);
    if (reader_->state() == BodyReader::State::kDone) break;
    if (reader_->state() != BodyReader::State::kMore) {
      co_return co_await Break(ToSender(BrokenBody(reader_->state(), MaxBody(), server_.options)));
    }
    const Error error = co_await ReadSome(std::min(longest_ + 1, kReadBytes));
    if (error || timed_out_) co_return co_await Fail(error);
  }
  request_.body = content_;
  co_return true;
}

Awaitable<bool> HttpConnection::Answer() {
  Enter(Phase::kAnswer);
  wrote_ = since_;
  lingers_ = false;
  reply_.Begin(request_.http_1_0, request_.method == "HEAD",
               parser_->keep_alive() && !server_.draining);
  reply_.During([this] {
    if (refusal_) return reply_.Send(*std::exchange(refusal_, std::nullopt));
    // Who answers keeps the connection, and with it the request, alive.
    const std::shared_ptr<HttpAnswer> answer(shared_from_this(), &reply_);
    auto exchange = server_.service.Answer(request_, answer);
    if (!reply_.is_answered()) exchange_ = std::move(exchange);
  });
  if (exchange_ && server_.draining) exchange_->Stop(false);
  const bool is_sent = co_await WriteReply();
  if (!is_sent) co_return false;
  // A read that only watched for a disconnect must not take the bytes of the next head.
  while (is_watched_) {
    Error ignored;
    socket_.cancel(ignored);
    co_await reply_.Changed();
  }
  Finish();
  co_return reply_.keeps() && !client_ended_ && socket_.is_open();
}

Awaitable<bool> HttpConnection::WriteReply() {
  while (socket_.is_open() && !(reply_.is_answered() && !reply_.has_bytes())) {
    if (reply_.is_answered()) exchange_.reset();
    if (!reply_.has_bytes()) {
      co_await reply_.Changed();
      continue;
    }
    if (reply_.is_stream()) Watch();
    const auto [first, second] = reply_.Front();
    writing_since_ = Clock::now();
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first.data(), first.size()),
                                                       asio::buffer(second.data(), second.size())};
    const auto [error, size] = co_await asio::async_write(socket_, buffers, kAwait);
    writing_since_.reset();
    wrote_ = Clock::now();
    if (!socket_.is_open()) co_return false;
    if (error) {
      Close();
      co_return false;
    }
    reply_.Pop();
  }
  exchange_.reset();
  co_return socket_.is_open();
}

Awaitable<bool> HttpConnection::Break(HttpResponse response) {
  if (!socket_.is_open()) co_return false;
  DropBody();
  Enter(Phase::kAnswer);
  reply_.Begin(request_.http_1_0, request_.method == "HEAD", false);
  reply_.During([&] { reply_.Send(std::move(response)); });
  const bool is_sent = co_await WriteReply();
  if (is_sent) Finish();
  co_return false;
}

// Answers a failed or timed-out read, if the client is still there.
Awaitable<bool> HttpConnection::Fail(Error error) {
  if (!socket_.is_open()) co_return false;
  if (timed_out_) {
    HttpResponse late = TimedOut(server_.options);
    if (phase_ == Phase::kBody && route_ == HttpRoute::kTelemetry) late = ToSender(std::move(late));
    co_return co_await Break(std::move(late));
  }
  if (auto refusal = RefusalOf(error, server_.options))
    co_return co_await Break(*std::move(refusal));
  Close();
  co_return false;
}

Awaitable<HttpConnection::Error> HttpConnection::ReadSome(std::size_t most) {
  const auto [error, size] = co_await socket_.async_read_some(buffer_.prepare(most), kAwait);
  buffer_.commit(size);
  co_return error;
}

Awaitable<void> HttpConnection::LingeringClose() {
  if (!socket_.is_open()) co_return;
  Enter(Phase::kLastBytes);
  Error ignored;
  socket_.shutdown(TcpSocket::shutdown_send, ignored);
  while (socket_.is_open() && !client_ended_) {
    buffer_.consume(buffer_.size());
    const Error ended = co_await ReadSome(kFewBytes);
    if (ended) break;
  }
  Close();
}

void HttpConnection::Enter(Phase phase) {
  phase_ = phase;
  since_ = Clock::now();
  head_since_.reset();
}

std::string_view HttpConnection::Buffered() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

// Reserves memory for `more` bytes of the body; false if all bodies together exceed the limit.
bool HttpConnection::HoldBody(std::size_t more) {
  const std::size_t wanted = std::min(content_.size() + more, longest_);
  if (wanted > content_.capacity()) {
    content_.reserve(std::min(std::max(wanted, 2 * content_.capacity()), longest_));
  }
  const std::size_t size = content_.capacity() > kReadBytes ? content_.capacity() : 0;
  if (size <= held_) return true;
  const std::size_t added = size - held_;
  held_ = size;
  return server_.held.fetch_add(added) + added <= server_.options.max_bodies_bytes;
}

void HttpConnection::DropBody() {
  request_.body = {};
  if (held_ == 0) return content_.clear();
  std::string().swap(content_);
  server_.held -= held_;
  server_.freed += std::exchange(held_, 0);
}

// The refusal of a body that was not fully read.
HttpResponse HttpConnection::ToSender(HttpResponse refusal) const {
  return HttpService::ToSender(request_, std::move(refusal), {content_, Buffered()});
}

std::size_t HttpConnection::MaxBody() const {
  return route_ == HttpRoute::kTelemetry ? server_.options.max_telemetry_bytes
                                         : server_.options.max_body_bytes;
}

void HttpConnection::Tick(Clock::time_point now) {
  const HttpOptions& options = server_.options;
  const auto waited = now - since_;
  switch (phase_) {
    case Phase::kHead:
      if (!head_since_ && ((parser_ && parser_->got_some()) || buffer_.size() > 0)) {
        head_since_ = now;
      }
      if (!head_since_ && waited > options.idle) return Close();
      if (!head_since_ || now - *head_since_ <= options.head) return;
      break;
    case Phase::kBody:
      if (waited <= options.body) return;
      break;
    case Phase::kAnswer:
      return TickAnswer(now);
    case Phase::kGrpc:
      return waited > options.head ? Close() : void();
    case Phase::kLastBytes:
      return waited > kMaxLingeringClose ? Close() : void();
  }
  timed_out_ = true;  // each tick cancels, since a read may have gone on after the last one
  Error ignored;
  socket_.cancel(ignored);
}

void HttpConnection::TickAnswer(Clock::time_point now) {
  if (reply_.overflows()) return Close();
  if (writing_since_) {
    if (now - *writing_since_ > server_.options.write) Close();
    return;
  }
  const auto waited = now - since_;
  if (waited > kTick) Watch();
  if (reply_.is_stream()) {
    if (now - wrote_ > server_.options.comment) reply_.Comment();
  } else if (!lingers_ && waited > server_.options.linger && exchange_) {
    lingers_ = true;
    const auto exchange = exchange_;
    reply_.During([&] { exchange->Linger(); });
  }
}

// Keeps reading while a request is pending, to notice a disconnect. Bytes that arrive belong to the
// next request.
void HttpConnection::Watch() {
  if (is_watched_ || client_ended_ || buffer_.size() >= kMaxReadAhead) return;
  is_watched_ = true;
  socket_.async_read_some(
      buffer_.prepare(kFewBytes),
      [self = shared_from_this()](Error error, std::size_t size) { self->OnWatched(error, size); });
}

void HttpConnection::OnWatched(Error error, std::size_t size) {
  is_watched_ = false;
  buffer_.commit(size);
  reply_.Wake();
  if (!socket_.is_open() || error == asio::error::operation_aborted) return;
  if (!error) {
    // An answer that is complete does not need it.
    if (!reply_.is_answered()) Watch();
    return;
  }
  // The client may have closed its sending side only, so the answer is still sent.
  client_ended_ = true;
  reply_.SetLast();
  if (exchange_) exchange_->Disconnect();
  if (error != asio::error::eof) Close();
}

void HttpConnection::Drain(bool running) {
  if (phase_ == Phase::kHead || phase_ == Phase::kGrpc) return Close();
  if (exchange_) exchange_->Stop(running);
}

void HttpConnection::Close() {
  if (!socket_.is_open()) return;
  if (phase_ == Phase::kAnswer) Record(0);
  Error ignored;
  socket_.close(ignored);
  server_.service.metrics().ChangeConnections(-1);
  reply_.Abandon();
  // Erasing it from the loop may drop the last other reference.
  const std::shared_ptr<HttpConnection> self = shared_from_this();
  if (exchange_) {
    // Posted, because the exchange itself may be the caller.
    asio::post(loop_.context, [exchange = std::move(exchange_)] { exchange->Disconnect(); });
  }
  loop_.connections.erase(this);
  const std::lock_guard lock(server_.mutex);
  --(is_rejected_ ? server_.rejecting : server_.open);
  server_.closed.notify_all();
}

void HttpConnection::Record(int status) {
  if (begun_ == Clock::time_point()) return;  // no complete request head yet
  server_.service.metrics().CountRequest(route_, status, Clock::now() - begun_,
                                         request_.body.size(), reply_.sent());
}

// The answer was sent completely.
void HttpConnection::Finish() {
  Record(reply_.status());
  begun_ = {};
  DropBody();
  if (!is_watched_ && buffer_.size() == 0 && buffer_.capacity() >= kReadBytes) {
    buffer_.shrink_to_fit();
  }
}

}  // namespace halo
