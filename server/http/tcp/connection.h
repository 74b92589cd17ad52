// SPDX-License-Identifier: MIT
// One connection. A coroutine reads its requests, has each answered, and writes the answer, one at
// a time and in order. All methods run on the loop's thread.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/body_reader.h"
#include "server/http/tcp/event_loop.h"
#include "server/http/tcp/reply_stream.h"

namespace halo {

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(ServerState& server, EventLoop& loop, TcpSocket socket);
  ~HttpConnection() { DropBody(); }

  void Start();
  // Called instead of Start: answers 503 and closes.
  void RejectOverCapacity();

  // Checks deadlines, and attends to an answer that takes a while.
  void Tick(Clock::time_point now);
  // The server is stopping: closes an idle connection, stops a pending exchange.
  void Drain(bool running);
  void Close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using Error = boost::system::error_code;

  // The header fields of the current request.
  class Fields : public HttpFields {
   public:
    void Set(const boost::beast::http::fields* fields) { fields_ = fields; }
    std::optional<std::string_view> Get(std::string_view name) const override;
    std::size_t Count(std::string_view name) const override;
    std::string Joined(std::string_view name) const override;

   private:
    const boost::beast::http::fields* fields_ = nullptr;
  };

  // What the connection waits for, which decides how long.
  enum class Phase { kHead, kBody, kAnswer, kGrpc, kLastBytes };

  Awaitable<void> Run();
  Awaitable<void> Reject();
  // False if the client speaks gRPC; that was refused then.
  Awaitable<bool> ReadFirst();
  Awaitable<void> RefuseGrpc();
  // Each returns false if the connection ends; its last answer has been sent then.
  Awaitable<bool> ReadHead();
  Awaitable<bool> ReadBody();
  Awaitable<bool> Answer();
  Awaitable<bool> WriteReply();
  // Sends a last answer, to a request that was not read completely.
  Awaitable<bool> Break(HttpResponse response);
  Awaitable<bool> Fail(Error error);
  Awaitable<void> LingeringClose();
  Awaitable<Error> ReadSome(std::size_t most);

  void Enter(Phase phase);
  std::string_view Buffered() const;
  std::optional<HttpResponse> RefuseHead();
  bool HoldBody(std::size_t more);
  void DropBody();
  HttpResponse ToSender(HttpResponse refusal) const;
  std::size_t MaxBody() const;
  void Watch();
  void OnWatched(Error error, std::size_t size);
  void TickAnswer(Clock::time_point now);
  void Record(int status);
  void Finish();

  ServerState& server_;
  EventLoop& loop_;
  TcpSocket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Fields fields_;
  HttpRequest request_;
  HttpRoute route_ = HttpRoute::kOther;
  std::optional<HttpResponse> refusal_;  // of the request whose body is being discarded

  std::optional<BodyReader> reader_;
  std::string content_;      // decoded body; kept until the answer is sent
  std::size_t longest_ = 0;  // upper bound of its size
  std::size_t held_ = 0;     // its share of ServerState::held

  ReplyStream reply_;
  std::shared_ptr<HttpExchange> exchange_;  // while an answer is pending
  bool lingers_ = false;                    // the exchange was told that it takes a while

  Phase phase_ = Phase::kHead;
  Clock::time_point since_{};                    // when the phase began
  std::optional<Clock::time_point> head_since_;  // when a head began to arrive
  std::optional<Clock::time_point> writing_since_;
  Clock::time_point wrote_{};  // when the last bytes were written or queued
  Clock::time_point begun_{};  // when the request's head was complete
  bool timed_out_ = false;     // while reading
  bool is_watched_ = false;    // a read beside the pending answer
  bool client_ended_ = false;  // the client has closed its sending side
  bool is_rejected_ = false;
};

}  // namespace halo
