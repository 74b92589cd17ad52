// SPDX-License-Identifier: MIT
// Runs as lines of the HALO format, with the times of each step.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace halo {

struct TimedStep {
  std::string kind, name;
  boost::json::object attributes;
  std::int64_t start_ms = 0, length_ms = 1000;  // from the start of the run
};

inline constexpr std::int64_t kFirstRunMs = 1'764'100'000'000;  // 2025-11-25T19:46:40Z

// The root `agent` starts at `at_ms` and ends `rest_ms` after its last step.
inline std::string TimedRun(const std::string& trace, const std::vector<TimedStep>& steps,
                            boost::json::object root = {}, std::int64_t at_ms = kFirstRunMs,
                            std::int64_t rest_ms = 0, boost::json::object resource = {}) {
  std::string out;
  const auto add = [&](const std::string& id, const char* parent, const std::string& name,
                       const std::string& kind, boost::json::object attributes,
                       std::int64_t start_ms, std::int64_t end_ms) {
    attributes["openinference.span.kind"] = kind;
    boost::json::object line{{"trace_id", trace},   {"span_id", trace + id},
                             {"name", name},        {"start_time", start_ms},
                             {"end_time", end_ms},  {"attributes", std::move(attributes)},
                             {"resource", resource}};
    if (*parent != '\0') line["parent_span_id"] = trace + parent;
    out.append(boost::json::serialize(line)).append("\n");
  };
  std::int64_t end_ms = 0;
  for (const TimedStep& step : steps) end_ms = std::max(end_ms, step.start_ms + step.length_ms);
  add("0", "", "agent", "AGENT", std::move(root), at_ms, at_ms + end_ms + rest_ms);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const TimedStep& step = steps[i];
    add(std::to_string(i + 1), "0", step.name, step.kind, step.attributes, at_ms + step.start_ms,
        at_ms + step.start_ms + step.length_ms);
  }
  return out;
}

// A model call that asks for `calls`, pairs of a tool and its arguments, or answers with `text`.
inline TimedStep ModelStep(std::int64_t start_ms,
                           const std::vector<std::pair<std::string, std::string>>& calls,
                           std::string text = {}) {
  TimedStep step{"LLM", "chat", {}, start_ms, 1000};
  step.attributes = {{"llm.model_name", "gpt-4o"},
                     {"llm.token_count.prompt", 1000},
                     {"llm.token_count.completion", 100},
                     {"llm.output_messages.0.message.role", "assistant"},
                     {"llm.output_messages.0.message.content", std::move(text)}};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const std::string call =
        "llm.output_messages.0.message.tool_calls." + std::to_string(i) + ".tool_call.function.";
    step.attributes[call + "name"] = calls[i].first;
    step.attributes[call + "arguments"] = calls[i].second;
  }
  return step;
}

inline TimedStep ToolStep(std::int64_t start_ms, std::int64_t length_ms, const std::string& tool,
                          const std::string& arguments, const std::string& result = "ok") {
  return {"TOOL",
          tool,
          {{"tool.name", tool}, {"input.value", arguments}, {"output.value", result}},
          start_ms,
          length_ms};
}

}  // namespace halo
