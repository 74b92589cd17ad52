// SPDX-License-Identifier: MIT
// One MCP tool: what the client is told about it, and the function that answers it.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "schemas/escape.h"
#include "schemas/fence.h"
#include "schemas/json.h"
#include "tools/answer/arguments.h"
#include "tools/answer/render.h"

namespace halo {

class Engine;

// No answer is larger, as JSON or as text. A tool pages long before; see FinishAnswer.
inline constexpr std::size_t kMaxAnswerBytes = 40 * 1024;

// What a call is given besides its arguments. Handlers of long calls test `stop` and return
// Code::kCancelled; progress must only grow. Both may be used from any thread until the handler
// returns.
struct CallContext {
  std::stop_token stop{};
  std::function<void(double done, double total, std::string_view message)> progress{};
  std::string nonce{};  // of the fences around text from traces; empty takes a random one
  std::string note{};   // a sentence about the arguments, for the answer's notes
};

struct Annotations {
  bool read_only = true;
  bool destructive = false;
  bool idempotent = true;
  bool open_world = false;
};

struct ToolInfo {
  std::string name;         // snake_case, at most 50 characters
  std::string title;        // for people
  std::string description;  // for models: under 800 characters, the key fact first
  Annotations annotations{};
  bool always_load = false;   // for the one to three tools that clients should not defer
  std::string search_hint{};  // words that a client's tool search should find it by
  bool may_take_minutes = false;
};

// The same answer twice: some clients show the model only the one, others only the other.
struct ToolAnswer {
  boost::json::object structured;
  std::string text;
};

struct Tool {
  ToolInfo info;
  boost::json::object input_schema, output_schema;
  // `arguments` is what the client sent. The message of an error is meant for the model.
  std::function<Result<ToolAnswer>(Engine&, const boost::json::value& arguments,
                                   const CallContext&)>
      call;
};

// Renders the text of an answer and holds it to kMaxAnswerBytes; over it, an error that tells how
// to narrow the question.
Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const std::string& note = {});

// The message of a failed read, told to the model; `note` may say what was meant.
Error ArgumentError(std::string_view tool_name, std::string_view message,
                    std::string_view note = {});

// Puts what the fences mean before all other members.
boost::json::object ExplainFence(const Fence& fence, boost::json::object structured);
// The output schema with the member that does so.
boost::json::object WithFence(boost::json::object output_schema);

// An answer as structure, with its first field about its fences where it has any.
template <Fielded Out>
boost::json::object Structure(const Out& out, Fence& fence) {
  boost::json::value written = Write(out, fence);
  return ExplainFence(fence, std::move(written.as_object()));
}

template <Fielded In, Fielded Out>
Tool MakeTool(ToolInfo info, Result<Out> (*handler)(Engine&, const In&, const CallContext&)) {
  auto call = [name = info.name, handler, shape = ShapeOf<Out>(),
               schema = Schema<In>(Direction::kInput)](
                  Engine& engine, const boost::json::value& arguments,
                  const CallContext& given) -> Result<ToolAnswer> {
    In in{};
    std::string error;
    const FittedArguments fitted = FitArguments(arguments, schema, name);
    if (!Read(fitted.value, in, Place(error))) return ArgumentError(name, error, fitted.note);
    CallContext context = given;
    context.note = fitted.note;
    Result<Out> out = handler(engine, in, context);
    if (!out) return out.error();
    Fence fence(context.nonce);
    return FinishAnswer(name, Structure(*out, fence), shape, fitted.note);
  };
  return {std::move(info), Schema<In>(Direction::kInput),
          WithFence(Schema<Out>(Direction::kOutput)), std::move(call)};
}

// Every tool of the product. Defined in all_tools.cc.
std::vector<Tool> AllTools();

}  // namespace halo
