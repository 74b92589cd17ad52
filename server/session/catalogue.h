// SPDX-License-Identifier: MIT
// What a server offers: data and functions, no protocol. The product's own is made by
// HaloCatalogue; tests make others.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/protocol/server_info.h"
#include "server/session/answer_cache.h"
#include "server/session/client.h"
#include "tools/answer/tool.h"

namespace halo {

struct ServedTool {
  ToolInfo info;
  boost::json::object input_schema;
  boost::json::object output_schema;  // empty: none
  Handler call;                       // gives a CallToolResult
  // A call that takes longer becomes a task, for clients that know tasks. Absent: never.
  std::optional<std::chrono::milliseconds> task_after{};
  // Of a tool that only reads: where its answers are kept. Null: nowhere.
  std::shared_ptr<AnswerCache> cache{};
};

// A tool of the product, bound to its engine, which must outlive it.
ServedTool Serve(Engine& engine, Tool tool);

// What an argument may be: all candidates, best first, given what is typed so far and the other
// arguments. The server keeps those that fit.
using Candidates = std::function<std::vector<std::string>(
    std::string_view typed, const std::map<std::string, std::string>& others)>;

// Of a prompt or of a resource template.
struct Argument {
  std::string name, description;
  bool required = false;
  Candidates candidates{};  // empty: nothing is known
};

struct ServedResource {
  std::string uri, name, title, description, mime_type;
};

struct ResourceTemplate {
  std::string uri_template, name, title, description, mime_type;
  std::vector<Argument> arguments;  // the variables of the template
};

struct ResourceText {
  std::string mime_type, text;
  bool binary = false;  // text is base64
  bool fixed = false;   // changes with the program only
};

struct Resources {
  // Changes with the data, hence a function. Empty: no resources at all.
  std::function<Result<std::vector<ServedResource>>(const CallContext&)> list{};
  std::vector<ResourceTemplate> templates{};
  // kNotFound and kInvalidArgument: there is no such resource; the message says what there is.
  std::function<Result<ResourceText>(const std::string& uri, const CallContext&)> read{};
  // Another number whenever resources may have changed; cheap. Empty: they never change.
  std::function<Result<std::int64_t>()> sequence{};
};

struct Prompt {
  std::string name, title, description;
  std::vector<Argument> arguments;
  Handler get;  // gives a GetPromptResult
};

struct Catalogue {
  ServerInfo info;
  std::vector<ServedTool> tools;
  Resources resources{};
  std::vector<Prompt> prompts{};
  // What goes wrong at present, for clients that open while it does. Empty: nothing ever does.
  std::function<std::vector<std::string>()> troubles{};

  const ServedTool* FindTool(std::string_view name) const;
  const Prompt* FindPrompt(std::string_view name) const;
  // Whether any of the tools may become a task.
  bool HasTasks() const;
};

}  // namespace halo
