// SPDX-License-Identifier: MIT
// What one client's messages share: the revision it opened with, and its calls under way. One for
// the process over stdio. Thread-safe.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "server/json_rpc.h"
#include "server/revision.h"

namespace halo {

// Takes one message, a line of JSON, to the client. Called from any thread.
using Send = std::function<void(std::string)>;

// One request being answered on a worker. What it sends is in order, ends with the reply, and ends
// at once where the client cancels. Thread-safe.
class Call {
 public:
  Call(Send notify, Send reply) : notify_(std::move(notify)), reply_(std::move(reply)) {}

  std::stop_token stop_token() const { return stop_.get_token(); }
  void Notify(std::string message);
  void Reply(std::string message);
  // The handler should end, and its answer is still sent.
  void Stop() { stop_.request_stop(); }
  // The handler should end, and nothing more is sent.
  void Cancel();
  bool cancelled() const;

 private:
  const Send notify_, reply_;
  std::stop_source stop_;
  mutable std::mutex mutex_;  // held while sending, which makes the order
  bool ended_ = false;
};

class Connection {
 public:
  // Of the messages that do not say their revision.
  Revision revision() const;
  // Whether `initialize` has been answered, with that revision.
  bool Opened(Revision revision) const;
  void Open(Revision revision);

  // Fails where a call with that id is under way, or too many are.
  boost::system::result<std::shared_ptr<Call>, RpcError> Begin(const boost::json::value& id,
                                                               Send notify, Send reply);
  void End(const boost::json::value& id);
  // Of a call that has ended, or never was: nothing happens.
  void Cancel(const boost::json::value& id);
  void StopAll();
  void CancelAll();

 private:
  std::vector<std::shared_ptr<Call>> Calls() const;

  mutable std::mutex mutex_;
  std::optional<Revision> opened_;
  std::map<std::string, std::shared_ptr<Call>> calls_;  // by id as JSON: 1 and "1" are two
};

}  // namespace halo
