// SPDX-License-Identifier: MIT
// What one client's messages share: the revision it opened with, and its calls under way. One for
// the process over stdio; over HTTP one for a session, or else for the message. Thread-safe.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocol/json_rpc.h"
#include "server/protocol/log_level.h"
#include "server/protocol/revision.h"

namespace halo {

// Takes one message, a line of JSON, to the client. Called from any thread.
using Send = std::function<void(std::string)>;

// What a reply is, for a transport that says so in its own words as well (HTTP: the status).
enum class ReplyKind {
  kNothing,        // no text: a notification or a response was taken, or the call was cancelled
  kAnswer,         // a result, or an error that the method found
  kBadRequest,     // refused for its form, its envelope or what the client can do
  kUnknownMethod,  // of a modern request; legacy revisions make it a kAnswer
};

struct Reply {
  ReplyKind kind = ReplyKind::kNothing;
  std::string text{};
};

// The parameters of notifications/message.
inline constexpr std::string_view kLogMessage = "notifications/message";
boost::json::object LogParams(LogLevel level, boost::json::value data);

// Where the dispatcher puts what it has for the sender of one message: any number of notifications
// that belong to it, then exactly one reply. Called from any thread.
struct Outbox {
  Send notify;  // empty where the sender takes the reply only
  std::function<void(Reply)> reply;
};

// One request being answered. What it sends is in order, ends with the reply, and ends at once
// where the client cancels. Thread-safe.
class Call {
 public:
  explicit Call(Outbox outbox) : outbox_(std::move(outbox)) {}

  std::stop_token stop_token() const { return stop_.get_token(); }
  void Notify(std::string message);
  void Answer(Reply reply);
  // The handler should end, and its answer is still sent.
  void Stop() { stop_.request_stop(); }
  // The handler should end, and nothing more is sent but a reply of kNothing.
  void Cancel();
  bool cancelled() const;
  bool can_notify() const { return static_cast<bool>(outbox_.notify); }

 private:
  const Outbox outbox_;
  std::stop_source stop_;
  mutable std::mutex mutex_;  // held while sending, which makes the order
  bool ended_ = false;
};

class Connection {
 public:
  // What `initialize` was answered with; empty before.
  std::optional<Revision> opened() const;
  boost::json::object capabilities() const;  // of the client, as `initialize` said
  void Open(Revision revision, boost::json::object capabilities = {});

  LogLevel log_level() const;
  void SetLogLevel(LogLevel level);

  // How messages go out that belong to no request; empty for not at all.
  void SetChannel(Send channel);
  bool has_channel() const;
  void Tell(std::string message);

  // Sends the client a request along with `call` and waits for its answer, or until `stop`.
  RpcResult Ask(Call& call, std::string_view method, boost::json::object params,
                std::stop_token stop);
  // The client's answer; to a request that was never sent, or is over: nothing happens.
  void TakeAnswer(const boost::json::value& id, RpcResult outcome);

  // Fails where a call with that id is under way, or too many are.
  boost::system::result<std::shared_ptr<Call>, RpcError> Begin(const boost::json::value& id,
                                                               Outbox outbox);
  void End(const boost::json::value& id);
  // Of a call that has ended, or never was: nothing happens.
  void Cancel(const boost::json::value& id);
  void StopAll();
  void CancelAll();

 private:
  std::vector<std::shared_ptr<Call>> Calls() const;

  mutable std::mutex mutex_;
  std::optional<Revision> opened_;
  boost::json::object capabilities_;
  LogLevel log_level_ = LogLevel::kWarning;
  Send channel_;
  std::condition_variable_any answered_;
  int asked_ = 0;
  std::map<std::string, std::optional<RpcResult>> questions_;  // by id as JSON
  std::map<std::string, std::shared_ptr<Call>> calls_;         // by id as JSON: 1 and "1" are two
};

}  // namespace halo
