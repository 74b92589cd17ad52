// SPDX-License-Identifier: MIT
// Writes a run of an agent with model calls and tool calls as lines of HALO's JSONL.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {

class RunLines {
 public:
  // A tool and its arguments that a model call asks for.
  using Call = std::pair<std::string, std::string>;

  // Runs start an hour after one another by `number`, from 2025-11-25T19:46:40Z on.
  RunLines(std::string trace_id, int number, std::string agent = "seller")
      : trace_id_(std::move(trace_id)),
        agent_(std::move(agent)),
        at_ms_(1'764'100'000'000 + number * 3'600'000LL) {}

  const std::string& trace_id() const { return trace_id_; }

  RunLines& Llm(std::string_view system, std::string_view user, std::string_view answer,
                const Call& call = {}) {
    boost::json::object attributes{{"openinference.span.kind", "LLM"},
                                   {"llm.model_name", "gpt-4o"},
                                   {"llm.token_count.prompt", 100},
                                   {"llm.token_count.completion", 10},
                                   {"llm.input_messages.0.message.role", "system"},
                                   {"llm.input_messages.0.message.content", system},
                                   {"llm.input_messages.1.message.role", "user"},
                                   {"llm.input_messages.1.message.content", user},
                                   {"llm.output_messages.0.message.role", "assistant"},
                                   {"llm.output_messages.0.message.content", answer}};
    if (!call.first.empty()) {
      const std::string prefix = "llm.output_messages.0.message.tool_calls.0.tool_call.function.";
      attributes[prefix + "name"] = call.first;
      attributes[prefix + "arguments"] = call.second;
    }
    return Add("chat", std::move(attributes), {});
  }

  RunLines& Tool(std::string_view tool, std::string_view arguments, std::string_view result,
                 std::string_view error = {}, std::int64_t ms = 500) {
    boost::json::object attributes{
        {"openinference.span.kind", "TOOL"}, {"tool.name", tool}, {"input.value", arguments}};
    if (!result.empty()) attributes["output.value"] = result;
    return Add(tool, std::move(attributes), error, ms);
  }

  // The lines, with the root, which returns `answer`.
  std::string Text(std::string_view answer) const {
    boost::json::object attributes{{"openinference.span.kind", "AGENT"},
                                   {"agent.name", agent_},
                                   {"input.value", "a task"},
                                   {"output.value", answer}};
    return Line(0, "", agent_, std::move(attributes), {}, at_ms_, next_ms_ + at_ms_ + 100) + lines_;
  }

 private:
  RunLines& Add(std::string_view name, boost::json::object attributes, std::string_view error,
                std::int64_t ms = 500) {
    next_ms_ += 10;
    lines_ += Line(++spans_, trace_id_ + "-0", name, std::move(attributes), error,
                   at_ms_ + next_ms_, at_ms_ + next_ms_ + ms);
    next_ms_ += ms;
    return *this;
  }

  std::string Line(int span, std::string_view parent, std::string_view name,
                   boost::json::object attributes, std::string_view error, std::int64_t start_ms,
                   std::int64_t end_ms) const {
    const boost::json::object line{
        {"trace_id", trace_id_},
        {"span_id", trace_id_ + "-" + std::to_string(span)},
        {"parent_span_id", parent},
        {"name", name},
        {"start_time", start_ms},
        {"end_time", end_ms},
        {"status",
         {{"code", error.empty() ? "STATUS_CODE_OK" : "STATUS_CODE_ERROR"}, {"message", error}}},
        {"resource", {{"attributes", {{"service.name", "shop"}}}}},
        {"attributes", std::move(attributes)}};
    return boost::json::serialize(line) + "\n";
  }

  const std::string trace_id_, agent_;
  const std::int64_t at_ms_;
  std::int64_t next_ms_ = 0;
  int spans_ = 0;
  std::string lines_;
};

}  // namespace halo
