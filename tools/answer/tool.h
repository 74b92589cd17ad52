// SPDX-License-Identifier: MIT
// One MCP tool: what clients see of it, and the function that answers it.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "schemas/json.h"
#include "tools/answer/arguments.h"
#include "tools/answer/draft.h"
#include "tools/answer/render.h"

namespace halo {

class Engine;

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

// Renders the text of an answer and limits it to kMaxAnswerBytes; the error for a larger one says
// how to narrow the question.
Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const std::string& note = {});

// The message of a failed read, for the model; `note` may say what was meant.
Error ArgumentError(std::string_view tool_name, std::string_view message,
                    std::string_view note = {});

// The output schema with the member that says what fences mean.
boost::json::object WithFence(boost::json::object output_schema);

// What a handler returns: the record, or a draft of it that was cut to size.
template <class Out>
struct AnswerOf {
  using Record = Out;
};
template <class Out>
struct AnswerOf<Draft<Out>> {
  using Record = Out;
};

template <Fielded Out>
boost::json::object Structure(Out out, const CallContext& context) {
  return Draft<Out>(std::move(out), context).Take();
}
template <Fielded Out>
boost::json::object Structure(Draft<Out> draft, const CallContext&) {
  return std::move(draft).Take();
}

template <Fielded In, class Answer>
Tool MakeTool(ToolInfo info, Result<Answer> (*handler)(Engine&, const In&, const CallContext&)) {
  using Out = typename AnswerOf<Answer>::Record;
  static_assert(!HoldsBareString<Out>(), "say which strings are from traces: see trace_text.h");
  auto call = [name = info.name, handler, shape = ShapeOf<Out>(),
               schema = Schema<In>(Direction::kInput)](
                  Engine& engine, const boost::json::value& arguments,
                  const CallContext& context) -> Result<ToolAnswer> {
    In in{};
    std::string error;
    const FittedArguments fitted = FitArguments(arguments, schema, name);
    if (!Read(fitted.value, in, Place(error))) return ArgumentError(name, error, fitted.note);
    Result<Answer> answer = handler(engine, in, context);
    if (!answer) return answer.error();
    return FinishAnswer(name, Structure(std::move(*answer), context), shape, fitted.note);
  };
  return {std::move(info), Schema<In>(Direction::kInput),
          WithFence(Schema<Out>(Direction::kOutput)), std::move(call)};
}

// Every tool of the product. Defined in all_tools.cc.
std::vector<Tool> AllTools();

}  // namespace halo
