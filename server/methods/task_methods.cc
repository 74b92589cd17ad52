// SPDX-License-Identifier: MIT
#include "server/methods/method.h"

namespace halo {
namespace {

namespace json = boost::json;

boost::system::result<std::shared_ptr<Task>, RpcError> FindTask(ServerCore& server,
                                                                const Request& request) {
  if (!ClientOf(request).HasExtension(kTasksExtension)) {
    return MissingCapability({{"extensions", {{kTasksExtension, json::object{}}}}});
  }
  const auto id = StringParam(request, "taskId");
  if (!id) return id.error();
  std::shared_ptr<Task> task = server.tasks.Find(*id);
  if (task) return task;
  return InvalidParams("unknown task " + QuoteName(*id) +
                       "; it has expired, or the server was restarted");
}

}  // namespace

RpcResult GetTask(ServerCore& server, Request& request) {
  const auto task = FindTask(server, request);
  if (!task) return task.error();
  return server.tasks.Describe(**task, true);
}

RpcResult UpdateTask(ServerCore& server, Request& request) {
  const auto task = FindTask(server, request);
  if (!task) return task.error();
  const json::value* responses = request.params.if_contains("inputResponses");
  if (!responses || !responses->is_object()) {
    return InvalidParams("\"inputResponses\" must be an object");
  }
  (*task)->Respond(responses->get_object());
  return json::object{};
}

RpcResult CancelTask(ServerCore& server, Request& request) {
  const auto task = FindTask(server, request);
  if (!task) return task.error();
  (*task)->Cancel();
  return json::object{};
}

}  // namespace halo
