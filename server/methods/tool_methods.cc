// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <thread>
#include <utility>

#include "schemas/escape.h"
#include "schemas/json_text.h"
#include "schemas/nearest.h"
#include "server/methods/method.h"
#include "server/protocol/paging.h"
#include "server/protocol/tool_listing.h"

namespace halo {
namespace {

namespace json = boost::json;

RpcError UnknownTool(const Catalogue& offered, std::string_view wanted) {
  std::vector<std::string_view> names;
  for (const ServedTool& known : offered.tools) names.push_back(known.info.name);
  return {kInvalidParams, "Unknown tool " + QuoteName(wanted) + SuggestWord(wanted, names)};
}

// Longer questions are hardly asked twice.
constexpr std::size_t kMaxKey = 4096;

// All that the answer of a tool which only reads may depend on, but for the data.
std::string KeyOf(const std::string& tool, const Request& request) {
  std::string key = tool + " " + std::string(NameOf(request.revision)) + " ";
  if (const json::value* arguments = request.params.if_contains("arguments")) {
    key += Serialise(*arguments);
  }
  return key;
}

// What an exception means to whoever waits for the result.
RpcResult CallGuarded(const ServedTool& tool, const Exchange& exchange) {
  try {
    return tool.call(exchange);
  } catch (const std::exception& failure) {
    return RpcError{kInternalError,
                    "Internal error in " + tool.info.name + ": " + EscapeText(failure.what())};
  }
}

// Runs the tool on a thread of its own. Where it is not done in time, the client gets a task, and
// what is left to do after that reply is to wait for the tool.
RpcResult CallAsTask(ServerCore& server, Request& request, const ServedTool& tool) {
  const auto task = std::make_shared<Task>();
  // Until there is a task, cancelling the request cancels the work.
  auto forward = std::make_unique<std::stop_callback<std::function<void()>>>(
      request.context.stop, [task] { task->Cancel(); });

  auto work = [task, &tool, params = request.params, client = ClientOf(request),
               progress = request.context.progress]() mutable {
    client.ask = [task](std::string_view method, json::object asked, std::stop_token stop) {
      return task->Ask(method, std::move(asked), std::move(stop));
    };
    CallContext context;
    context.stop = task->stop_token();
    context.progress = [task, progress](double done, double total, std::string_view message) {
      progress(done, total, message);
      task->Say(EscapeText(message));
    };
    task->Finish(CallGuarded(tool, {params, client, context}));
  };
  auto worker = std::make_shared<std::jthread>(std::move(work));

  const bool ended = task->WaitUntil(std::chrono::steady_clock::now() + *tool.task_after) &&
                     task->result().has_value();
  if (ended || !server.tasks.Add(task)) {
    task->RefuseQuestions();
    worker->join();
    return *task->result();
  }
  forward.reset();
  request.then = [worker] { worker->join(); };
  json::object created = server.tasks.Describe(*task, false);
  created.emplace("resultType", "task");
  return created;
}

}  // namespace

RpcResult ListTools(ServerCore& server, Request& request) {
  const auto page = PageOf(request.params, "tools/list", server.catalogue.tools.size());
  if (!page) return page.error();
  json::array all =
      ToolListing(server.catalogue.tools, request.revision, server.catalogue.info.icon);
  json::object result{{"tools", json::array(all.begin() + page->begin, all.begin() + page->end)}};
  if (!page->next_cursor.empty()) result.emplace("nextCursor", page->next_cursor);
  return Cacheable(std::move(result), request.revision, kStaticTtlMs, CacheScope::kPublic);
}

RpcResult CallTool(ServerCore& server, Request& request) {
  const auto name = StringParam(request, "name");
  if (!name) return name.error();
  const ServedTool* tool = server.catalogue.FindTool(*name);
  if (!tool) return UnknownTool(server.catalogue, *name);
  const Client client = ClientOf(request);
  if (tool->task_after && IsModern(request.revision) && client.HasExtension(kTasksExtension)) {
    return CallAsTask(server, request, *tool);
  }
  const auto call = [&] { return tool->call({request.params, client, request.context}); };
  const std::string key = tool->cache ? KeyOf(*name, request) : std::string();
  if (!tool->cache || key.size() > kMaxKey) return call();
  AnswerText text = tool->cache->Get(key, call);
  if (!text) return text.error();
  request.text = std::move(*text);
  return json::object();
}

}  // namespace halo
