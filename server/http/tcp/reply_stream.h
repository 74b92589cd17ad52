// SPDX-License-Identifier: MIT
// The way back of a connection: turns the answer to one request at a time into bytes, which the
// connection writes. An answer may come from any thread; everything else happens on the loop.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "server/http/message.h"
#include "server/http/tcp/event_loop.h"

namespace halo {

class ReplyStream final : public HttpAnswer {
 public:
  ReplyStream(ServerState& server, EventLoop& loop)
      : server_(server), loop_(loop), wake_(loop.context) {}

  void Send(HttpResponse response) override;
  void OpenStream(HttpResponse head) override;
  void Write(std::string bytes) override;
  void CloseStream() override;

  // `owner` owns this and is kept alive until an answer has been passed to the loop.
  void SetOwner(std::weak_ptr<void> owner) { owner_ = std::move(owner); }
  // Expects the answer to the next request.
  void Begin(bool http_1_0, bool is_head, bool keep);
  // Runs a call to the service: what it answers meanwhile on this thread is taken at once.
  template <class Call>
  void During(Call call) {
    calling_ = true;
    call();
    calling_ = false;
  }
  // Sends a comment, which keeps a silent stream alive.
  void Comment() { Queue(Chunk(":\n\n")); }
  // The connection is closed: drops what is queued and what still comes.
  void Abandon();

  // Whether the answer is complete, although perhaps not written.
  bool is_answered() const { return state_ == State::kAnswered; }
  bool is_stream() const { return is_stream_; }
  // Whether more than HttpOptions::max_unsent waits for the client.
  bool overflows() const { return overflows_; }
  bool has_bytes() const { return !unsent_.empty(); }
  // The pieces to write next, of which the second may be empty. Valid until Pop.
  std::pair<std::string_view, std::string_view> Front();
  void Pop();  // they were written
  // Whether the connection stays open after this answer.
  bool keeps() const { return keep_; }
  void SetLast() { keep_ = false; }
  int status() const { return status_; }
  std::size_t sent() const { return sent_; }

  // Waits for bytes, for Wake or for Abandon.
  Awaitable<void> Changed();
  void Wake() { wake_.cancel(); }

 private:
  enum class State { kNone, kExpected, kStreaming, kAnswered };

  template <class Act>
  void InLoop(Act act);
  void Queue(std::string bytes);
  std::string HeadOf(const HttpResponse& response, bool stream) const;
  std::string Chunk(std::string_view bytes) const;
  void SendHere(HttpResponse response);
  void OpenHere(HttpResponse head);
  void CloseHere();

  ServerState& server_;
  EventLoop& loop_;
  std::weak_ptr<void> owner_;
  LoopTimer wake_;
  State state_ = State::kNone;
  bool calling_ = false;
  bool http_1_0_ = false, is_head_ = false, keep_ = false, is_stream_ = false;
  int status_ = 0;
  bool overflows_ = false;
  std::size_t sent_ = 0, unsent_bytes_ = 0;
  std::size_t taken_ = 0;  // pieces that Front returned
  std::deque<std::string> unsent_;
};

}  // namespace halo
