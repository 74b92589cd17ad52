// SPDX-License-Identifier: MIT
// Answers MCP messages. Knows no transport: bytes and threads are theirs; and no method: those are
// in methods/, listed in all_methods.cc. Speaks every revision in revision.h at the same time,
// because each request is judged by itself: one that names its revision in `_meta` is modern, any
// other is legacy and of the revision that its envelope says or its connection was opened with.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "server/methods/method.h"
#include "server/protocol/envelope.h"
#include "server/protocol/json_rpc.h"
#include "server/session/catalogue.h"
#include "server/session/connection.h"

namespace halo {

// The rest of the work on a message, to be run once, on any thread. Empty if nothing is left.
using Job = std::function<void()>;

struct DispatcherOptions {
  std::chrono::milliseconds progress_interval{250};
  Subscriptions::Pace subscriptions{};
};

// Thread-safe. Must outlive its jobs.
class Dispatcher {
 public:
  explicit Dispatcher(Catalogue catalogue, DispatcherOptions options = {});

  // Takes in one message, in the order of the connection. What is quick is answered before this
  // returns; what asks the engine is the returned job. From here on `connection` can cancel it.
  // A request may also stay open after its job has ended (subscriptions/listen); its reply then
  // comes when the connection stops or cancels it. `envelope` is null where the transport has none.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Outbox& outbox, const Envelope* envelope) const;
  // For a transport of lines: all goes out by one way, and there is no envelope.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Send& send) const;

  // Tells clients what concerns all of them: those that can be told outside a call, and want
  // messages of this level.
  void Announce(LogLevel level, std::string_view text) const {
    server_->subscriptions.Log(level, text);
  }

  // Asks the tasks that still run to end; they outlive the requests and connections that began
  // them. For a transport that ends.
  void StopTasks() const { server_->tasks.StopAll(); }

 private:
  Job HandleOne(boost::json::value&& value, const std::shared_ptr<Connection>& connection,
                const Outbox& outbox, const Envelope* envelope) const;
  Job HandleBatch(boost::json::array&& batch, const std::shared_ptr<Connection>& connection,
                  const Outbox& outbox, const Envelope* envelope) const;
  void Take(const RpcMessage& message, const std::shared_ptr<Connection>& connection,
            const Outbox& outbox, const Envelope* envelope) const;
  const Method* FindMethod(std::string_view name, Revision revision) const;
  Disagreement CheckNames(const RpcMessage& message, const Envelope& envelope) const;
  Job Start(const Method& method, Request&& request, const Outbox& outbox) const;
  Reply Answer(const Method& method, Request& request) const;

  const std::unique_ptr<ServerCore> server_;
  const std::chrono::milliseconds progress_interval_;
};

}  // namespace halo
