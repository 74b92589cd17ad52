// SPDX-License-Identifier: MIT
#include "server/session/catalogue.h"

#include <algorithm>
#include <utility>

#include "schemas/escape.h"

namespace halo {
namespace {

namespace json = boost::json;

template <class T, class Name>
const T* FindNamed(const std::vector<T>& all, std::string_view name, Name&& name_of) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const T& one) { return name_of(one) == name; });
  return found == all.end() ? nullptr : &*found;
}

json::array TextContent(std::string_view text) {
  return {json::object{{"type", "text"}, {"text", text}}};
}

json::object ToResult(Result<ToolAnswer> answer, Revision revision) {
  if (!answer) {
    // Not a protocol error, so that the model reads it and can correct itself. No
    // structuredContent, which some clients would show instead of the message.
    return {{"content", TextContent(EscapeText(answer.error().message))}, {"isError", true}};
  }
  json::object result{{"content", TextContent(answer->text)}};
  if (revision >= Revision::k2025_06_18) {
    result.emplace("structuredContent", std::move(answer->structured));
  }
  return result;
}

}  // namespace

ServedTool Serve(Engine& engine, Tool tool, RootsOf roots_of) {
  Handler call = [&engine, call = std::move(tool.call),
                  roots_of = std::move(roots_of)](const Exchange& exchange) -> RpcResult {
    const json::value* given = exchange.params.if_contains("arguments");
    const json::value arguments = given && !given->is_null() ? *given : json::value(json::object{});
    CallContext context = exchange.context;
    if (roots_of) context.roots = [&] { return roots_of(exchange.client, exchange.context.stop); };
    return ToResult(call(engine, arguments, context), exchange.client.revision);
  };
  std::optional<std::chrono::milliseconds> task_after;
  if (tool.info.may_take_minutes) task_after = std::chrono::seconds(3);
  return {std::move(tool.info), std::move(tool.input_schema), std::move(tool.output_schema),
          std::move(call), task_after};
}

const ServedTool* Catalogue::FindTool(std::string_view name) const {
  return FindNamed(tools, name, [](const ServedTool& tool) { return tool.info.name; });
}

bool Catalogue::HasTasks() const {
  return std::any_of(tools.begin(), tools.end(),
                     [](const ServedTool& tool) { return tool.task_after.has_value(); });
}

const Prompt* Catalogue::FindPrompt(std::string_view name) const {
  return FindNamed(prompts, name, [](const Prompt& prompt) { return prompt.name; });
}

}  // namespace halo
