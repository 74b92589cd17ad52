// SPDX-License-Identifier: MIT
// An MCP tool: what clients see of it, and the function that answers calls. Immutable; any thread.
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
#include "tools/answer/about.h"
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

// The same answer in two forms; clients show the model one or the other.
struct ToolAnswer {
  boost::json::object structured;
  std::string text;
};

struct Tool {
  ToolInfo info;
  boost::json::object input_schema, output_schema;
  // `arguments` is what the client sent. Error messages are for the model; kInvalidArgument names
  // the field, kCancelled means that the call was stopped.
  std::function<Result<ToolAnswer>(Engine&, const boost::json::value& arguments,
                                   const CallContext&)>
      call;
};

// The member that says which arguments of the call were ignored. Only the explanation of fences and
// what the answer is about come before it.
inline constexpr std::string_view kIgnoredMember = "ignored";

// Adds `ignored`, the note of FitArguments, to the answer, and renders its text. An answer over
// kMaxAnswerBytes is an error that says how to narrow the question.
Result<ToolAnswer> FinishAnswer(std::string_view tool_name, boost::json::object structured,
                                const Shape& shape, const std::string& ignored = {});

// The error for arguments that could not be read, for the model. `note` is that of FitArguments.
Error ArgumentError(std::string_view tool_name, std::string_view message,
                    std::string_view note = {});

// The output schema with the members that explain fences and name ignored arguments and,
// `filtered`, the one that says what the answer is about.
boost::json::object WithFence(boost::json::object output_schema, bool filtered);

// The record that a handler returns, either directly or as a draft that has been cut to size.
template <class Out>
struct AnswerOf {
  using Record = Out;
};
template <class Out>
struct AnswerOf<Draft<Out>> {
  using Record = Out;
};

// Whether a tool has the argument `filters`, and so asks about what is bound by default.
template <class In>
inline constexpr bool kHasFilters = requires(const In& in) {
  in.filters->project;
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
    boost::json::object structured = Structure(std::move(*answer), context);
    if constexpr (kHasFilters<In>) {
      if (AsksAboutBound(in)) PutAbout(AboutText(engine), structured);
    }
    return FinishAnswer(name, std::move(structured), shape, fitted.note);
  };
  return {std::move(info), Schema<In>(Direction::kInput),
          WithFence(Schema<Out>(Direction::kOutput), kHasFilters<In>), std::move(call)};
}

// Every tool of the product. Defined in all_tools.cc.
std::vector<Tool> AllTools();

}  // namespace halo
