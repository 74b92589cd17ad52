// SPDX-License-Identifier: MIT
// What a server offers, as data and functions, independent of the protocol. HaloCatalogue builds
// the product's catalogue; tests build others. The functions are called from several threads at
// once.
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
  Handler call;                       // returns a CallToolResult
  // A call that takes longer becomes a task if the client supports tasks. Absent: never.
  std::optional<std::chrono::milliseconds> task_after{};
  // Caches the answers of a read-only tool. Null: no cache.
  std::shared_ptr<AnswerCache> cache{};
};

// The folders from which a client may import.
using RootsOf = std::function<std::vector<std::string>(const Client&, const std::stop_token&)>;

// Binds a tool to its engine, which must outlive it. Without `roots_of` it imports no files.
ServedTool Serve(Engine& engine, Tool tool, RootsOf roots_of = {});

// Returns the candidates for an argument, best first, given the text typed so far and the other
// arguments. The server filters them by the typed text.
using Candidates = std::function<std::vector<std::string>(
    std::string_view typed, const std::map<std::string, std::string>& others)>;

// An argument of a prompt or of a resource template.
struct Argument {
  std::string name, description;
  bool required = false;
  Candidates candidates{};  // empty: no completion
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
  bool fixed = false;   // changes only with a new version of the program
};

struct Resources {
  // A function, because the list changes with the data. Empty: no resources.
  std::function<Result<std::vector<ServedResource>>(const CallContext&)> list{};
  std::vector<ResourceTemplate> templates{};
  // kNotFound and kInvalidArgument: no such resource; the message says which exist.
  std::function<Result<ResourceText>(const std::string& uri, const CallContext&)> read{};
  // Returns a different number whenever resources may have changed; cheap. Empty: they never
  // change.
  std::function<Result<std::int64_t>()> sequence{};
};

struct Prompt {
  std::string name, title, description;
  std::vector<Argument> arguments;
  Handler get;  // returns a GetPromptResult
};

struct Catalogue {
  ServerInfo info;
  std::vector<ServedTool> tools;
  Resources resources{};
  std::vector<Prompt> prompts{};
  // The problems that persist now, logged to clients that connect meanwhile. Empty: no problems.
  std::function<std::vector<std::string>()> troubles{};

  const ServedTool* FindTool(std::string_view name) const;
  const Prompt* FindPrompt(std::string_view name) const;
  // Whether any of the tools may become a task.
  bool HasTasks() const;
};

}  // namespace halo
