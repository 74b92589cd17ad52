// SPDX-License-Identifier: MIT
// State shared by the messages of one client: the revision it opened with, and its calls in
// progress. Over stdio there is one per process; over HTTP one per session, or one per message if
// there is no session. Thread-safe.
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

// Sends one message, a line of JSON, to the client. Called from any thread.
using Send = std::function<void(std::string)>;

// The kind of a reply, for transports that also signal it themselves (HTTP: by status code).
enum class ReplyKind {
  kNothing,        // no text: a notification or response was accepted, or the call was cancelled
  kAnswer,         // a result, or an error from the method
  kBadRequest,     // malformed, or headers or client capabilities do not allow it
  kUnknownMethod,  // in a modern revision; in legacy revisions this is a kAnswer
};

struct Reply {
  ReplyKind kind = ReplyKind::kNothing;
  std::string text{};
};

// The parameters of notifications/message.
inline constexpr std::string_view kLogMessage = "notifications/message";
boost::json::object LogParams(LogLevel level, boost::json::value data);

// Receives what the dispatcher sends in response to one message: any number of related
// notifications, then exactly one reply. Called from any thread.
struct Outbox {
  Send notify;  // empty if the client accepts the reply only
  std::function<void(Reply)> reply;
};

// One request in progress. Its messages are sent in order; nothing follows the reply, and nothing
// is sent after the client cancels. Thread-safe.
class Call {
 public:
  explicit Call(Outbox outbox) : outbox_(std::move(outbox)) {}

  std::stop_token stop_token() const { return stop_.get_token(); }
  void Notify(std::string message);
  void Answer(Reply reply);
  // Asks the handler to stop. Its answer is still sent.
  void Stop() { stop_.request_stop(); }
  // Asks the handler to stop. Sends only a reply of kNothing from now on.
  void Cancel();
  bool cancelled() const;
  bool can_notify() const { return static_cast<bool>(outbox_.notify); }

 private:
  const Outbox outbox_;
  std::stop_source stop_;
  mutable std::mutex mutex_;  // held while sending, which fixes the order
  bool ended_ = false;
};

class Connection {
 public:
  // The revision that `initialize` was answered with; empty before.
  std::optional<Revision> opened() const;
  boost::json::object capabilities() const;  // of the client, from `initialize`
  void Open(Revision revision, boost::json::object capabilities = {});

  LogLevel log_level() const;
  void SetLogLevel(LogLevel level);

  // Sends messages that belong to no request; empty: they are dropped.
  void SetChannel(Send channel);
  bool has_channel() const;
  void Notify(std::string message);

  // Sends the client a request as part of `call`, and waits for the answer or for `stop`.
  RpcResult Ask(Call& call, std::string_view method, boost::json::object params,
                std::stop_token stop);
  // Delivers the client's answer. Ignored if there is no such request, or it is over.
  void TakeAnswer(const boost::json::value& id, RpcResult outcome);

  // Fails if a call with that id is in progress, or if too many calls are.
  boost::system::result<std::shared_ptr<Call>, RpcError> Begin(const boost::json::value& id,
                                                               Outbox outbox);
  void End(const boost::json::value& id);
  // Ignored if there is no such call, or it has ended.
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
  std::map<std::string, std::shared_ptr<Call>> calls_;         // by id as JSON: 1 and "1" differ
};

}  // namespace halo
