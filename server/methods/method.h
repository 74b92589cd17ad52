// SPDX-License-Identifier: MIT
// A method of the protocol: its name, who may call it, and the function that answers it. Methods
// know neither transports nor threads.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "server/protocol/json_rpc.h"
#include "server/protocol/revision.h"
#include "server/session/catalogue.h"
#include "server/session/connection.h"
#include "server/session/subscriptions.h"
#include "server/session/task_table.h"

namespace halo {

// What the methods of one server share. Thread-safe.
struct ServerCore {
  ServerCore(Catalogue offered, Subscriptions::Pace pace)
      : catalogue(std::move(offered)), subscriptions(catalogue.resources, pace) {}

  const Catalogue catalogue;
  TaskTable tasks;
  Subscriptions subscriptions;
};

// One request that is being answered.
struct Request {
  boost::json::value id;
  boost::json::object params;
  Revision revision;
  std::shared_ptr<Connection> connection;
  std::shared_ptr<Call> call;  // null for a method that answers at once
  CallContext context;         // likewise without use

  // For the answering function to set: what is left to do after the reply.
  std::function<void()> then;
  // Set where the reply comes later, by Close.
  bool open = false;
  // Set in place of a returned result: the same as JSON text.
  std::shared_ptr<const std::string> text{};
};

struct Method {
  // kNow: before the next message is taken in. kLater: on a worker; can be cancelled and report
  // progress.
  enum class Pace { kNow, kLater };

  std::string_view name;
  bool legacy, modern;  // the eras that have it
  Pace pace;
  bool (*served)(const Catalogue&);  // whether there is anything for it to answer
  RpcResult (*answer)(ServerCore&, Request&);
};

// THE LIST. Defined in all_methods.cc.
std::span<const Method> AllMethods();

// Each in the file of its family.
RpcResult Initialize(ServerCore&, Request&);
RpcResult Ping(ServerCore&, Request&);
RpcResult Discover(ServerCore&, Request&);
RpcResult SetLogLevel(ServerCore&, Request&);
RpcResult ListTools(ServerCore&, Request&);
RpcResult CallTool(ServerCore&, Request&);
RpcResult ListResources(ServerCore&, Request&);
RpcResult ListTemplates(ServerCore&, Request&);
RpcResult ReadResource(ServerCore&, Request&);
RpcResult SubscribeResource(ServerCore&, Request&);
RpcResult UnsubscribeResource(ServerCore&, Request&);
RpcResult Listen(ServerCore&, Request&);
RpcResult ListPrompts(ServerCore&, Request&);
RpcResult GetPrompt(ServerCore&, Request&);
RpcResult CompleteArgument(ServerCore&, Request&);
RpcResult GetTask(ServerCore&, Request&);
RpcResult UpdateTask(ServerCore&, Request&);
RpcResult CancelTask(ServerCore&, Request&);

// What the families share, in common.cc.
// The string `name` of the parameters, or the error that says that it must be one.
boost::system::result<std::string, RpcError> StringParam(const Request& request,
                                                         std::string_view name);
// Adds what revision 2026-07-28 wants of lists: how long and by whom they may be kept.
enum class CacheScope { kPublic, kPrivate };
boost::json::object Cacheable(boost::json::object result, Revision revision, int ttl_ms,
                              CacheScope scope);
// Lists that change only with the program. Kept longer, a client would miss an update.
inline constexpr int kStaticTtlMs = 300'000;
// What changes with the data.
inline constexpr int kDataTtlMs = 5'000;

// From which level on the client wants to hear; empty for not at all.
std::optional<LogLevel> WantedLevel(const Request& request);
Client ClientOf(const Request& request);
// Of the client, in either era.
boost::json::object CapabilitiesOf(const Request& request);
// The members of an Implementation, for `initialize` and `_meta`.
boost::json::object Implementation(const ServerInfo& info, Revision revision);

// Ends a request that was left open.
void Close(const std::shared_ptr<Connection>& connection, const std::shared_ptr<Call>& call,
           const boost::json::value& id, boost::json::object result);

}  // namespace halo
