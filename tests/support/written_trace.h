// SPDX-License-Identifier: MIT
// Traces written by hand, as spans with the attributes of an emitter, for tests of what is read
// from the messages of model calls.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/facts/facts_computer.h"
#include "engine/semconv/conventions.h"
#include "engine/trace/trace.h"

namespace halo {

// A span of a hand-written trace.
struct Row {
  std::string name, parent;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string error;  // a status
};

// The facts of spans that follow one another, and the trace of them.
class Written {
 public:
  Trace Of(const std::vector<Row>& rows) {
    std::vector<SpanFacts> spans;
    std::int64_t at_ns = 1'700'000'000'000'000'000;
    for (const Row& row : rows) {
      const Resource resource;
      Span span;
      span.resource = &resource;
      span.trace_id = "t1";
      span.span_id = span.name = row.name;
      span.parent_id = row.parent;
      span.start_ns = at_ns += 1'000'000;
      span.end_ns = span.start_ns + 500'000;
      for (const auto& [key, value] : row.attributes) {
        span.attributes.push_back({key, Value::Text(value)});
      }
      span.status = row.error.empty() ? StatusCode::kUnset : StatusCode::kError;
      span.status_message = row.error;
      SpanFacts& facts = spans.emplace_back();
      computer_.Compute(span, conventions_.Read(span), conventions_.json(), words_, facts);
    }
    spans.front().end_ns = at_ns + 1'000'000;
    return BuildTrace("default", "t1", words_, std::move(spans));
  }

 private:
  PriceTable prices_;
  OutcomeConfig config_;
  Conventions conventions_;
  FactsComputer computer_{config_, prices_};
  StringPool words_;
};

inline Row Chat(std::string name, std::string in, std::string out) {
  return {std::move(name),
          "agent",
          {{"gen_ai.operation.name", "chat"},
           {"gen_ai.input.messages", std::move(in)},
           {"gen_ai.output.messages", std::move(out)}},
          {}};
}

inline Row Tool(std::string name, std::string tool, std::string id, std::string arguments,
                std::string result, std::string error = {}) {
  Row row{std::move(name), "agent", {{"gen_ai.operation.name", "execute_tool"}}, std::move(error)};
  const auto add = [&](std::string key, std::string value) {
    if (!value.empty()) row.attributes.emplace_back(std::move(key), std::move(value));
  };
  add("gen_ai.tool.name", std::move(tool));
  add("gen_ai.tool.call.id", std::move(id));
  add("gen_ai.tool.call.arguments", std::move(arguments));
  add("gen_ai.tool.call.result", std::move(result));
  return row;
}

inline Row Agent(std::string name, std::string parent = {}) {
  return {std::move(name), std::move(parent), {{"gen_ai.operation.name", "invoke_agent"}}, {}};
}

// Messages in the parts of the OpenTelemetry convention.
inline std::string Says(std::string role, std::string text) {
  return R"({"role":")" + role + R"(","parts":[{"type":"text","content":")" + text + R"("}]})";
}
inline std::string Asks(std::string id, std::string tool, std::string arguments) {
  return R"({"role":"assistant","parts":[{"type":"tool_call","id":")" + id + R"(","name":")" +
         tool + R"(","arguments":)" + arguments + "}]}";
}
inline std::string Told(std::string id, std::string result) {
  return R"({"role":"tool","parts":[{"type":"tool_call_response","id":")" + id +
         R"(","response":")" + result + R"("}]})";
}
inline std::string List(const std::vector<std::string>& messages) {
  std::string out = "[";
  for (const std::string& message : messages) out += (out.size() > 1 ? "," : "") + message;
  return out + "]";
}

}  // namespace halo
