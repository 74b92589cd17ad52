// SPDX-License-Identifier: MIT
// A method of the protocol: its name, the revisions that have it, and the function that answers it.
// Methods are independent of transports and threads.
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

// State shared by the methods of one server. Thread-safe.
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
  std::shared_ptr<Call> call;  // null for a method with Pace::kNow
  CallContext context;         // unused for such a method

  // Set by the method: work to do after the reply was sent.
  std::function<void()> then;
  // Set by the method if Close will send the reply later.
  bool open = false;
  // Set by the method instead of returning a result: the result as JSON text.
  std::shared_ptr<const std::string> text{};
};

struct Method {
  // kNow: answered before the next message is read. kLater: answered on a worker; can be cancelled
  // and can report progress.
  enum class Pace { kNow, kLater };

  std::string_view name;
  bool legacy, modern;  // whether legacy and modern revisions have it
  Pace pace;
  bool (*served)(const Catalogue&);  // whether the catalogue has anything for it to serve
  RpcResult (*answer)(ServerCore&, Request&);
};

// The list of all methods, in all_methods.cc.
std::span<const Method> AllMethods();

// Defined in the *_methods.cc files.
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

// Helpers of the methods, in common.cc.
// The string parameter `name`, or the error to answer with.
boost::system::result<std::string, RpcError> StringParam(const Request& request,
                                                         std::string_view name);
// Adds the cache control members of revision 2026-07-28: how long and by whom a result may be
// cached.
enum class CacheScope { kPublic, kPrivate };
boost::json::object Cacheable(boost::json::object result, Revision revision, int ttl_ms,
                              CacheScope scope);
// For lists that change only with a new version of the program; longer would hide an update.
inline constexpr int kStaticTtlMs = 300'000;
// For results that change with the data.
inline constexpr int kDataTtlMs = 5'000;

// The lowest log level that the client wants; empty: no log messages.
std::optional<LogLevel> WantedLevel(const Request& request);
Client ClientOf(const Request& request);
// The client's capabilities, from the request or from `initialize`.
boost::json::object CapabilitiesOf(const Request& request);
// The members of an Implementation, for `initialize` and `_meta`.
boost::json::object Implementation(const ServerInfo& info, Revision revision);

// Answers and ends a request that was left open.
void Close(const std::shared_ptr<Connection>& connection, const std::shared_ptr<Call>& call,
           const boost::json::value& id, boost::json::object result);

}  // namespace halo
