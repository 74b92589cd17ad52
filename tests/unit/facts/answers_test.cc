// SPDX-License-Identifier: MIT
// Facts of spans: masked values, tools offered without a name, and what counts as an answer.
#include <catch2/catch.hpp>
#include <string>

#include "engine/facts/facts_computer.h"
#include "engine/facts/telling_words.h"
#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct Computer {
  PriceTable prices;
  OutcomeConfig config;
  Conventions conventions;
  FactsComputer computer{config, prices};
  StringPool words;

  SpanFacts Of(const SpanBuilder& b) {
    SpanFacts facts;
    const SpanFields& fields = conventions.Read(b.span());
    computer.Compute(b.span(), fields, conventions.json(), words, facts);
    return facts;
  }
  std::string Text(StringId word) const { return std::string(words[word]); }
};

TEST_CASE_METHOD(Computer, "masked arguments and results are equal to nothing") {
  const struct {
    const char* value;
    bool masked;
  } rows[] = {
      {"__REDACTED__", true},
      {"[REDACTED]", true},
      {"***", true},
      {"<masked>", true},
      {"[Filtered]", true},
      {"sha256:9f86d081884c7d65", true},
      {R"({"q":"***"})", true},
      {R"({"page":2,"q":"[redacted]"})", true},
      {R"({"q":"shoes"})", false},
      {"3 hits for *** and more", false},
      {R"({"q":"a *** b"})", false},
  };
  for (const auto& row : rows) {
    INFO(row.value);
    SpanBuilder b;
    b.Text("openinference.span.kind", "TOOL")
        .Text("tool.name", "search")
        .Text("input.value", row.value)
        .Text("output.value", row.value);
    const SpanFacts f = Of(b);
    CHECK((f.arguments_hash == 0) == row.masked);
    CHECK((f.result_hash == 0) == row.masked);
    CHECK(f.arguments_quote.path != 0);  // the arguments were recorded, although masked
    CHECK_FALSE(f.failed);
  }
}

TEST_CASE_METHOD(Computer, "behind a mask there is no session, user or task") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Text("session.id", "[REDACTED]")
      .Text("user.id", "***")
      .Text("llm.input_messages.0.message.role", "user")
      .Text("llm.input_messages.0.message.content", "__REDACTED__");
  const SpanFacts f = Of(b);
  CHECK(f.session == 0);
  CHECK(f.user == 0);
  CHECK(f.task == 0);
}

TEST_CASE_METHOD(Computer, "tools that are offered without a name forbid nothing") {
  const std::string lookup =
      R"({"type":"function","name":"lookup","parameters":{"type":"object"}})";
  const struct {
    std::string tools;
    bool refused;  // whether a call of another tool is invalid
  } rows[] = {
      {"[" + lookup + "]", true},
      {R"([{"type":"function","function":{"name":"lookup"}}])", true},
      {R"([{"name":"web_search","type":"web_search_20250305"},)" + lookup + "]", true},
      {"[" + lookup + R"(,{"type":"mcp","server_label":"docs","server_url":"https://x"}])", false},
      {"[" + lookup + R"(,{"type":"mcp","name":"docs","server_label":"docs"}])", false},
      {"[" + lookup + R"(,{"type":"hosted_mcp","name":"hosted_mcp"}])", false},
      {"[" + lookup + R"(,{"type":"mcp_toolset","mcp_server_name":"docs"}])", false},
      {"[" + lookup + R"(,{"type":"tool_search_tool_regex_20251119","name":"tool_search"}])",
       false},
      {"[" + lookup + R"(,{"type":"mcp","name":"other","parameters":{"type":"object"}}])", true},
      {"[" + lookup + R"(,{"googleSearch":{}}])", false},
      {"[" + lookup + R"(,{"code_interpreter":{}}])", false},
      {R"([{"functionDeclarations":[{"name":"lookup"}]},{"googleSearch":{}}])", false},
      {R"([{"functionDeclarations":[{"name":"lookup"}]}])", true},
      {"[" + lookup + R"(,{"type":"web_search_preview"}])", false},
      {"[" + lookup + R"(,{"type":"code_interpreter","container":{"type":"auto"}}])", false},
      {R"([{"type":"file_search","vector_store_ids":["v"]}])", false},
      {"[" + lookup + R"(,"__REDACTED__"])", false},
      {"[" + lookup + R"(,{"type":"function","name":"[REDACTED]"}])", false},
      {"[" + lookup + R"(,{"type":"function","na)", false},
      {"__REDACTED__", false},
      {"[]", false},
  };
  for (const auto& row : rows) {
    INFO(row.tools);
    SpanBuilder b;
    b.Text("gen_ai.operation.name", "chat")
        .Text("gen_ai.tool.definitions", row.tools)
        .Text("gen_ai.output.messages",
              R"([{"role":"assistant","parts":[{"type":"tool_call","id":"c1",)"
              R"("name":"search_docs","arguments":{"q":1}}]}])");
    CHECK((Of(b).invalid_call != 0) == row.refused);
  }
}

TEST_CASE_METHOD(Computer, "flattened tools: a hosted one among them forbids nothing") {
  const auto offer = [&](const char* second_schema, const char* second_name) {
    SpanBuilder b;
    b.Text("openinference.span.kind", "LLM")
        .Text("llm.tools.0.tool.json_schema", R"({"name":"lookup","parameters":{}})")
        .Text("llm.tools.1.tool.json_schema", second_schema)
        .Text("llm.output_messages.0.message.role", "assistant")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "search_docs")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}");
    if (*second_name != '\0') b.Text("llm.tools.1.tool.name", second_name);
    return Of(b).invalid_call != 0;
  };
  CHECK_FALSE(offer(R"({"type":"mcp","server_label":"docs"})", ""));
  CHECK(offer(R"({"type":"function","function":{"name":"other"}})", ""));
  CHECK(offer(R"({"type":"object","properties":{}})", "other"));  // named in llm.tools.1.tool.name
}

TEST_CASE_METHOD(Computer, "masked arguments are not invalid") {
  const auto signature = [&](const std::string& arguments) {
    SpanBuilder b;
    b.Text("openinference.span.kind", "LLM")
        .Text(
            "llm.tools.0.tool.json_schema",
            R"({"name":"pay","parameters":{"type":"object","properties":{"id":{"type":"integer"},)"
            R"("kind":{"enum":["a","b"]}},"required":["id"]}})")
        .Text("llm.output_messages.0.message.role", "assistant")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "pay")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", arguments);
    return Text(Of(b).invalid_call);
  };
  CHECK(signature("__REDACTED__") == "");
  CHECK(signature(R"("***")") == "");
  CHECK(signature(R"({"id":"[REDACTED]","kind":"<masked>"})") == "");
  CHECK(signature(R"({"id":"*** and 7"})") == "argument `id` is a string, not an integer");
  CHECK(signature(R"(["[REDACTED]","[REDACTED]"])") == "");
  CHECK(signature(R"([1,2])") == "arguments are not a JSON object");
  CHECK(signature("no json") == "arguments are not JSON");
  CHECK(signature(R"({"kind":"***"})") == "missing required argument `id`");
}

TEST_CASE_METHOD(Computer, "arguments that an attribute's limit may have cut are not invalid") {
  for (const char* const arguments : {R"({"id":)", R"({"id":7,"kind":"a...)", R"([{"id":1)", "{",
                                      R"({"id":"a…[truncated])", R"({"id":7, ... [12 more]})"}) {
    CAPTURE(arguments);
    SpanBuilder b;
    b.Text("openinference.span.kind", "LLM")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "pay")
        .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", arguments);
    CHECK(Text(Of(b).invalid_call) == "");
  }
  // If the surrounding JSON is complete, the model itself wrote incomplete arguments.
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "chat")
      .Text(
          "gen_ai.output.messages",
          R"([{"role":"assistant","tool_calls":[{"function":{"name":"pay","arguments":"{\"i"}}]}])");
  CHECK(Text(Of(b).invalid_call) == "arguments are not JSON");
}

TEST_CASE_METHOD(Computer, "the output of a root is an answer when it has a text for its reader") {
  const struct {
    const char* output;
    bool answers;
  } rows[] = {
      {"Saved as report 1", true},
      {R"({"total":3,"items":["a"]})", true},
      {"__REDACTED__", true},
      {R"([{"role":"user","content":"q"},{"role":"assistant","content":"done"}])", true},
      {R"([{"role":"assistant","parts":[{"type":"text","content":"done"}]}])", true},
      {" ", false},
      {"null", false},
      {"{}", false},
      {"[]", false},
      {R"([{"role":"user","content":"q"},{"role":"tool","content":"3 hits"}])", false},
      {R"([{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function",)"
       R"("function":{"name":"f","arguments":"{}"}}]}])",
       false},
      {R"([{"role":"assistant","content":"Let me look","tool_calls":[{"id":"c",)"
       R"("type":"function","function":{"name":"f","arguments":"{}"}}]}])",
       false},
  };
  for (const auto& row : rows) {
    INFO(row.output);
    SpanBuilder b;
    b.Text("openinference.span.kind", "AGENT").Text("output.value", row.output);
    const SpanFacts f = Of(b);
    CHECK(f.has_output);
    CHECK(f.output_blank == !row.answers);
  }
}

TEST_CASE_METHOD(Computer, "the final result of an agent is its answer") {
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "invoke_agent").Text("final_result", "Saved as report 7");
  const SpanFacts f = Of(b);
  CHECK(f.kind == Kind::kAgent);
  CHECK(f.has_output);
  CHECK_FALSE(f.output_blank);
}

TEST_CASE_METHOD(Computer, "an answer shares a word with the result that it came of") {
  const std::string slot =
      R"({"order_id":"ON-515217","slot":"2026-03-26 17:30","final":true,"request":null})";
  const struct {
    const char* answer;
    std::string result;
    bool ignores;
  } rows[] = {
      {"Your request has been taken care of.", slot, true},
      {"Your order has been taken care of.", slot, true},  // "order" only occurs in a key
      {"Picked up on 2026-03-26.", slot, false},
      {R"([{"role":"assistant","content":"It is order ON-515217"}])", slot, false},
      {"Saved as report 7", "Saved as report 7", false},
      {"SAVED: Report", R"({"text":"report saved","id":"x91"})", false},
      {R"({"output":"stored in sales"})", R"([{"type":"text","text":"sales: 3 files stored"}])",
       false},
      {"Tudo certo.", R"({"body":"{\"status\":\"stored\",\"folder\":\"sales\",\"id\":9}"})", true},
      {"Your request has been taken care of.", "ok", false},  // the result is too short
      {"Your request has been taken care of.", "[REDACTED]", false},
      {"__REDACTED__", slot, false},
      {"Done.", slot, false},
      {"\xE5\xB7\xB2\xE4\xBF\x9D\xE5\xAD\x98", slot, false},  // no spaces between words
  };
  for (const auto& row : rows) {
    INFO(row.answer << " | " << row.result);
    SpanBuilder agent;
    agent.Text("openinference.span.kind", "AGENT").Text("output.value", row.answer);
    SpanBuilder tool;
    tool.Text("openinference.span.kind", "TOOL").Text("output.value", row.result);
    const std::string said = Text(Of(agent).answer_words);
    CHECK(SharesNoWord(Of(tool).result_words, said) == row.ignores);
  }
}

TEST_CASE_METHOD(Computer, "a tool or agent says that a result ends the run") {
  const auto finish = [&](const char* kind, const char* key, const char* value) {
    SpanBuilder b;
    b.Text("openinference.span.kind", kind).Text(key, value);
    return Of(b).finish;
  };
  CHECK(finish("TOOL", "tool.return_direct", "true") == FinishClass::kStop);
  CHECK(finish("TOOL", "crewai.tool.result_as_answer", "True") == FinishClass::kStop);
  CHECK(finish("AGENT", "agent.tool_use_behavior", "stop_on_first_tool") == FinishClass::kStop);
  CHECK(finish("TOOL", "tool.return_direct", "false") == FinishClass::kUnknown);
  CHECK(finish("AGENT", "agent.tool_use_behavior", "run_llm_again") == FinishClass::kUnknown);
  CHECK(finish("LLM", "tool.return_direct", "true") == FinishClass::kUnknown);
}

TEST_CASE_METHOD(Computer, "an output says that the run waits for a person") {
  const struct {
    const char* output;
    bool waits;
  } rows[] = {
      {R"({"messages":[{"type":"tool","content":"x"}],"__interrupt__":[{"value":"ok?"}]})", true},
      {"{'messages': [], '__interrupt__': [Interrupt(value='ok?')]}", true},
      {R"({"status":"suspended","steps":{}})", true},
      {R"({"result": {"status": "paused"}})", true},
      {R"({"stop_reason":"interrupt"})", true},
      {R"("{\"status\":\"requires_action\"}")", true},
      {R"({"status":"completed"})", false},
      {R"({"status":"pausedly"})", false},
      {"Your status is paused", false},
      {"The account was suspended.", false},
      {"status", false},
  };
  for (const auto& row : rows) {
    INFO(row.output);
    SpanBuilder b;
    b.Text("openinference.span.kind", "AGENT").Text("output.value", row.output);
    CHECK((Of(b).finish == FinishClass::kStop) == row.waits);
  }
}

TEST_CASE_METHOD(Computer, "threads and processes are no sessions") {
  SpanBuilder thread;
  thread.Int("thread.id", 17)
      .Text("thread.name", "exec-1")
      .Int("thread_id", 140'735)
      .Int("process.pid", 4711);
  CHECK(Of(thread).session == 0);
  SpanBuilder text;
  text.Text("thread.id", "140735340");
  CHECK(Of(text).session == 0);
  SpanBuilder project;
  project.Text("langsmith.trace.session_name", "my-project");
  CHECK(Of(project).session == 0);
  SpanBuilder conversation;
  conversation.Text("thread_id", "conv-7").Int("thread.id", 17);
  CHECK(Text(Of(conversation).session) == "conv-7");
}

}  // namespace
}  // namespace halo
