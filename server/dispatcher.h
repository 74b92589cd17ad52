// SPDX-License-Identifier: MIT
// Answers MCP messages. Knows no transport: bytes and threads are theirs. Speaks every revision in
// revision.h at the same time, because each request is judged by itself: one that names its
// revision in `_meta` is modern, any other is legacy and of the revision that its envelope says or
// its connection was opened with.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "server/connection.h"
#include "server/envelope.h"
#include "server/json_rpc.h"
#include "server/server_info.h"
#include "tools/tool.h"

namespace halo {

// The rest of the work on a message, to be run once, on any thread. Empty if nothing is left.
using Job = std::function<void()>;

// Thread-safe. Must outlive its jobs.
class Dispatcher {
 public:
  Dispatcher(Engine& engine, std::vector<Tool> tools, ServerInfo info,
             std::chrono::milliseconds progress_interval = std::chrono::milliseconds(250));

  // Takes in one message, in the order of the connection. What is quick is answered before this
  // returns; what asks the engine is the returned job. From here on `connection` can cancel it.
  // `envelope` is null where the transport has none.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Outbox& outbox, const Envelope* envelope) const;
  // For a transport of lines: all goes out by one way, and there is no envelope.
  Job Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
             const Send& send) const;

 private:
  struct Request {
    boost::json::value id;
    boost::json::object params;
    Revision revision;
    Connection& connection;
  };
  struct Method;

  static const Method* FindMethod(std::string_view name, Revision revision);

  Job HandleOne(boost::json::value&& value, const std::shared_ptr<Connection>& connection,
                const Outbox& outbox, const Envelope* envelope) const;
  Job HandleBatch(boost::json::array&& batch, const std::shared_ptr<Connection>& connection,
                  const Outbox& outbox, const Envelope* envelope) const;
  Job Start(const Method& method, RpcMessage&& message, Revision revision,
            const std::shared_ptr<Connection>& connection, const Outbox& outbox) const;
  Disagreement CheckNames(const RpcMessage& message, const Envelope& envelope) const;
  const Tool* FindTool(std::string_view name) const;
  Reply Answer(const Method& method, const Request& request, const CallContext& context) const;

  RpcResult Initialize(const Request& request, const CallContext& context) const;
  RpcResult Ping(const Request& request, const CallContext& context) const;
  RpcResult Discover(const Request& request, const CallContext& context) const;
  RpcResult ListTools(const Request& request, const CallContext& context) const;
  RpcResult CallTool(const Request& request, const CallContext& context) const;

  Engine& engine_;
  const std::vector<Tool> tools_;
  const ServerInfo info_;
  const std::chrono::milliseconds progress_interval_;
};

}  // namespace halo
