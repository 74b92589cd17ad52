// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>

#include "schemas/json_text.h"
#include "server/session/task_table.h"
#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

namespace json = boost::json;

const json::value* ArgumentOf(const Exchange& exchange, std::string_view name) {
  const json::value* arguments = exchange.params.if_contains("arguments");
  if (!arguments || !arguments->is_object()) return nullptr;
  return arguments->get_object().if_contains(name);
}

std::string Text(const json::value* value) {
  return value && value->is_string() ? std::string(std::string_view(value->get_string()))
                                     : std::string();
}

void Sleep(const Exchange& exchange, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, exchange.context.stop, time, [] { return false; });
}

RpcResult SlowCompute(const Exchange& exchange) {
  const json::value* seconds = ArgumentOf(exchange, "seconds");
  Sleep(exchange, std::chrono::seconds(seconds && seconds->is_int64() ? seconds->get_int64()
                                                                      : std::int64_t{0}));
  return TextResult("Computed " + Text(ArgumentOf(exchange, "label")) + ".");
}

// Only for clients with the tasks extension.
RpcResult FailingJob(const Exchange& exchange) {
  if (!exchange.client.HasExtension(kTasksExtension)) {
    return MissingCapability({{"extensions", {{kTasksExtension, json::object{}}}}});
  }
  Sleep(exchange, std::chrono::milliseconds(200));
  json::object result = TextResult("This job always fails.");
  result.emplace("isError", true);
  return result;
}

RpcResult ProtocolErrorJob(const Exchange& exchange) {
  Sleep(exchange, std::chrono::milliseconds(200));
  return RpcError{kInternalError, "This job breaks."};
}

RpcResult AskUser(const Exchange& exchange, std::string_view message) {
  json::object question = Elicitation(message, {{"confirm", {{"type", "boolean"}}}});
  return exchange.client.ask("elicitation/create", std::move(question.at("params").as_object()),
                             exchange.context.stop);
}

RpcResult ConfirmDelete(const Exchange& exchange) {
  const std::string file = Text(ArgumentOf(exchange, "filename"));
  const RpcResult answer = AskUser(exchange, "Delete " + file + "?");
  if (!answer) {
    json::object result = TextResult(answer.error().message);
    result.emplace("isError", true);
    return result;
  }
  const json::value* action = answer->if_contains("action");
  return TextResult((action && *action == "accept" ? "Deleted " : "Kept ") + file + ".");
}

// Has two questions open at once.
RpcResult MultiInput(const Exchange& exchange) {
  auto other =
      std::async(std::launch::async, [&] { return AskUser(exchange, "The first question?"); });
  const RpcResult second = AskUser(exchange, "The second question?");
  const RpcResult first = other.get();
  if (!first) return first.error();
  if (!second) return second.error();
  return TextResult("Both were answered.");
}

// Asks before it is a task, and then takes long enough to become one.
RpcResult AskThenWork(const Exchange& exchange) {
  const json::object* response = InputResponse(exchange, "user_name");
  if (!response) {
    return InputRequired(
        {{"user_name", Elicitation("What is your name?", {{"name", {{"type", "string"}}}})}});
  }
  Sleep(exchange, std::chrono::seconds(1));
  return TextResult("Worked for " + Serialise(*response) + ".");
}

ServedTool TaskTool(std::string name, std::string description, Handler call,
                    json::object properties = {}) {
  ServedTool tool =
      FixtureTool(std::move(name), std::move(description), std::move(call), std::move(properties));
  tool.task_after = std::chrono::milliseconds(0);
  return tool;
}

}  // namespace

std::vector<ServedTool> TaskTools() {
  ServedTool asking = TaskTool("test_tool_with_task", "Asks, then takes a moment.", &AskThenWork);
  asking.task_after = std::chrono::milliseconds(300);
  return {
      asking,
      FixtureTool("greet", "Greets, at once.",
                  [](const Exchange& exchange) -> RpcResult {
                    return TextResult("Hello, " + Text(ArgumentOf(exchange, "name")) + "!");
                  },
                  {{"name", {{"type", "string"}}}}),
      TaskTool("slow_compute", "Takes as many seconds as it is told.", &SlowCompute,
               {{"seconds", {{"type", "integer"}}}, {"label", {{"type", "string"}}}}),
      TaskTool("failing_job", "Fails after a moment.", &FailingJob),
      TaskTool("protocol_error_job", "Breaks after a moment.", &ProtocolErrorJob),
      TaskTool("confirm_delete", "Asks before it deletes.", &ConfirmDelete,
               {{"filename", {{"type", "string"}}}}),
      TaskTool("multi_input", "Asks two things at once.", &MultiInput),
  };
}

}  // namespace halo
