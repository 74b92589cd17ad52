// SPDX-License-Identifier: MIT
#include "engine/semconv/message_json.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/semconv/tool_definitions.h"

namespace halo {
namespace {

struct Fixture {
  JsonTrees json;
  std::vector<Message> Read(std::string_view text, std::string_view role = "user") {
    std::vector<Message> out;
    json.Reset();
    ReadMessages(text, role, json, out);
    return out;
  }
};

TEST_CASE_METHOD(Fixture, "plain text is one message") {
  const auto out = Read("Just text: [not JSON");
  REQUIRE(out.size() == 1);
  CHECK(out[0].role == "user");
  CHECK(out[0].content == "Just text: [not JSON");
  CHECK(Read("").empty());
}

TEST_CASE_METHOD(Fixture, "JSON that is no message stays text") {
  const auto out = Read(R"({"answer":42})", "assistant");
  REQUIRE(out.size() == 1);
  CHECK(out[0].content == R"({"answer":42})");
}

TEST_CASE_METHOD(Fixture, "a list that breaks off stays text") {
  const std::string_view text = R"([{"role":"user","content":"Hi"},{"role":"assis)";
  const auto out = Read(text);
  REQUIRE(out.size() == 1);
  CHECK(out[0].content == text);
}

TEST_CASE_METHOD(Fixture, "an empty list holds no message") { CHECK(Read("[]").empty()); }

TEST_CASE_METHOD(Fixture, "messages nested in a string are read") {
  const auto out = Read(R"("[{\"role\":\"user\",\"content\":\"Hi\"}]")");
  REQUIRE(out.size() == 1);
  CHECK(out[0].content == "Hi");
}

TEST_CASE_METHOD(Fixture, "Anthropic: tool use and tool results in blocks") {
  const auto out =
      Read(R"([{"role":"assistant","content":[{"type":"text","text":"Let me see"},)"
           R"({"type":"tool_use","id":"toolu_1","name":"ls","input":{"dir":"."}}]},)"
           R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",)"
           R"("content":"a.txt"}]}])");
  REQUIRE(out.size() == 2);
  CHECK(out[0].content == "Let me see");
  REQUIRE(out[0].tool_calls.size() == 1);
  CHECK(out[0].tool_calls[0].name == "ls");
  CHECK(out[0].tool_calls[0].arguments == R"({"dir":"."})");
  CHECK(out[1].role == "tool");
  CHECK(out[1].tool_call_id == "toolu_1");
  CHECK(out[1].content == "a.txt");
}

TEST_CASE_METHOD(Fixture, "LangChain by Langfuse: the name of the tool is the role of its result") {
  const auto& messages = Read(R"([{"role":"user","content":"q"},
      {"role":"assistant","content":"","tool_calls":[{"name":"find","args":{},"id":"c1"}]},
      {"role":"find","content":"found"},{"role":"other","content":"x"}])");
  REQUIRE(messages.size() == 4);
  CHECK(messages[2].role == "tool");
  CHECK(messages[3].role != "tool");
}

TEST_CASE_METHOD(Fixture, "Anthropic: a whole response") {
  const auto out =
      Read(R"({"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text",)"
           R"("text":"Done"}],"stop_reason":"max_tokens","usage":{"input_tokens":1}})",
           "assistant");
  REQUIRE(out.size() == 1);
  CHECK(out[0].content == "Done");
  CHECK(out[0].finish_reason == "max_tokens");
}

TEST_CASE_METHOD(Fixture, "OpenAI responses: items") {
  const auto out =
      Read(R"({"instructions":"Be brief","input":[{"role":"user","content":[{"type":"input_text",)"
           R"("text":"Go"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},)"
           R"({"type":"function_call_output","call_id":"c1","output":"7"}]})");
  REQUIRE(out.size() == 4);
  CHECK(out[0].role == "system");
  CHECK(out[1].content == "Go");
  CHECK(out[2].role == "assistant");
  REQUIRE(out[2].tool_calls.size() == 1);
  CHECK(out[2].tool_calls[0].id == "c1");
  CHECK(out[3].role == "tool");
  CHECK(out[3].content == "7");
  CHECK(out[3].tool_call_id == "c1");
}

TEST_CASE_METHOD(Fixture, "Gemini: contents and candidates") {
  auto out = Read(R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})");
  REQUIRE(out.size() == 1);
  CHECK(out[0].content == "Hi");
  out = Read(R"({"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f",)"
             R"("args":{"a":1}}}]},"finishReason":"STOP"}]})",
             "assistant");
  REQUIRE(out.size() == 1);
  CHECK(out[0].role == "assistant");
  REQUIRE(out[0].tool_calls.size() == 1);
  CHECK(out[0].tool_calls[0].arguments == R"({"a":1})");
  CHECK(out[0].finish_reason == "STOP");
}

TEST_CASE_METHOD(Fixture, "Vercel AI SDK: tool calls and results in parts") {
  const auto out =
      Read(R"([{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c","toolName":"w",)"
           R"("input":{"city":"Bonn"}}]},{"role":"tool","content":[{"type":"tool-result",)"
           R"("toolCallId":"c","toolName":"w","output":{"type":"text","value":"rain"}}]}])");
  REQUIRE(out.size() == 2);
  REQUIRE(out[0].tool_calls.size() == 1);
  CHECK(out[0].tool_calls[0].name == "w");
  CHECK(out[0].tool_calls[0].id == "c");
  CHECK(out[1].role == "tool");
}

TEST_CASE_METHOD(Fixture, "LangChain: constructors in nested lists") {
  const auto out =
      Read(R"({"messages":[[{"lc":1,"type":"constructor","id":["langchain","HumanMessage"],)"
           R"("kwargs":{"content":"Hi","type":"human"}}]]})");
  REQUIRE(out.size() == 1);
  CHECK(out[0].role == "user");
  CHECK(out[0].content == "Hi");
}

TEST_CASE_METHOD(Fixture, "deep nesting ends") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += '[';
  CHECK(Read(text).size() == 1);
  text.clear();
  for (int i = 0; i < 500; ++i) text += R"({"message":)";
  CHECK(Read(text).size() == 1);
}

TEST_CASE_METHOD(Fixture, "tool definitions in the shapes of the providers") {
  const auto tools = [&](std::string_view text) {
    std::vector<ToolDefinition> out;
    ReadToolDefinitions(text, json, out);
    return out;
  };
  for (
      const std::string_view text : {
          R"([{"type":"function","function":{"name":"f","description":"d","parameters":{"a":1}}}])",
          R"([{"type":"function","name":"f","parameters":{"a":1}}])",
          R"([{"name":"f","input_schema":{"a":1}}])",
          R"([{"name":"f","inputSchema":{"a":1}}])",
          R"(["{\"type\":\"function\",\"name\":\"f\",\"inputSchema\":{\"a\":1}}"])",
          R"({"functionDeclarations":[{"name":"f","parameters":{"a":1}}]})",
          R"({"tools":[{"name":"f","parameters":"{\"a\":1}"}]})",
      }) {
    CAPTURE(text);
    const auto out = tools(text);
    REQUIRE(out.size() == 1);
    CHECK(out[0].name == "f");
    CHECK(out[0].parameters == R"({"a":1})");
  }
  // If some tools are unknown, an entry without a name is added.
  for (const std::string_view text :
       {"no JSON", "__REDACTED__", R"([{"type":"mcp","server_label":"docs"}, 7, null])",
        R"([{"type":"web_search"}])", R"(["[REDACTED]"])", R"([{"name":"f)"}) {
    CAPTURE(text);
    const auto out = tools(text);
    REQUIRE(!out.empty());
    CHECK(out.back().name.empty());
  }
  CHECK(tools("[]").empty());
}

}  // namespace
}  // namespace halo
