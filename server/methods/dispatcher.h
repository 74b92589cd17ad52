// SPDX-License-Identifier: MIT
// Answers MCP messages, independently of transports, which own bytes and threads, and of methods,
// which are listed in all_methods.cc. Supports all revisions of revision.h at the same time: a
// request that names its revision in `_meta` is modern; any other is legacy, with the revision of
// its headers or of its connection.
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

// The remaining work on a message, to be run once, on any thread. Empty if there is none.
using Job = std::function<void()>;

struct DispatcherOptions {
  std::chrono::milliseconds progress_interval{250};
  Subscriptions::Pace subscriptions{};
};

// Thread-safe. Must outlive its jobs.
class Dispatcher {
 public:
  explicit Dispatcher(Catalogue catalogue, DispatcherOptions options = {});

  // Handles one message; call it in the order in which the connection received them. Fast methods
  // are answered before this returns; methods that query the engine run in the returned job, which
  // `connection` can cancel from now on. A request may stay open after its job has ended
  // (subscriptions/listen): it is answered when the connection stops or cancels it. `envelope` is
  // null if the transport has no headers.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Outbox& outbox, const Envelope* envelope) const;
  // The same for a transport that sends everything through one channel and has no headers.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Send& send) const;

  // Sends a log message to all clients that can receive messages outside a call and want this
  // level.
  void Announce(LogLevel level, std::string_view text) const {
    server_->subscriptions.Log(level, text);
  }

  // Cancels running tasks, which outlive the requests and connections that started them. Called
  // when a transport shuts down.
  void StopTasks() const { server_->tasks.StopAll(); }

 private:
  Job HandleOne(boost::json::value&& value, const std::shared_ptr<Connection>& connection,
                const Outbox& outbox, const Envelope* envelope) const;
  Job HandleBatch(boost::json::array&& batch, const std::shared_ptr<Connection>& connection,
                  const Outbox& outbox, const Envelope* envelope) const;
  void Accept(const RpcMessage& message, const std::shared_ptr<Connection>& connection,
              const Outbox& outbox, const Envelope* envelope) const;
  const Method* FindMethod(std::string_view name, Revision revision) const;
  HeaderError CheckNames(const RpcMessage& message, const Envelope& envelope) const;
  Job Start(const Method& method, Request&& request, const Outbox& outbox) const;
  Reply Answer(const Method& method, Request& request) const;

  const std::unique_ptr<ServerCore> server_;
  const std::chrono::milliseconds progress_interval_;
};

}  // namespace halo
