// SPDX-License-Identifier: MIT
// Dialects that only emitters in Python write, by what their sources and documentation say.
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct Reader {
  Conventions conventions;
  const SpanFields& Of(const SpanBuilder& b) { return conventions.Read(b.span()); }
};

TEST_CASE_METHOD(Reader, "MLflow writes each value as JSON, a text with its quotes") {
  SpanBuilder llm;
  llm.Name("Completions")
      .Text("mlflow.spanType", "\"CHAT_MODEL\"")
      .Text("mlflow.llm.model", "\"gpt-5-mini\"")
      .Text("mlflow.spanInputs", R"({"messages":[{"role":"user","content":"Where is it?"}]})")
      .Text("mlflow.spanOutputs",
            R"({"choices":[{"message":{"role":"assistant","content":"On its way."}}]})")
      .Text("mlflow.chat.tokenUsage",
            R"({"input_tokens": 12, "output_tokens": 5, "total_tokens": 17})")
      .Text("mlflow.trace.session", "\"s-1\"");
  const SpanFields& fields = Of(llm);
  CHECK(fields.kind == Kind::kLlm);
  CHECK(fields.convention == "mlflow");
  CHECK(fields.request_model == "gpt-5-mini");
  CHECK(fields.input_tokens == 12);
  CHECK(fields.output_tokens == 5);
  REQUIRE(fields.messages_in.size() == 1);
  CHECK(fields.messages_in[0].content == "Where is it?");
  REQUIRE(fields.messages_out.size() == 1);
  CHECK(fields.messages_out[0].content == "On its way.");

  SpanBuilder tool;
  tool.Name("find_order").Text("mlflow.spanType", "\"TOOL\"");
  tool.Text("mlflow.spanInputs", R"({"order_id": "A-1"})").Text("mlflow.spanOutputs", "\"sent\"");
  const SpanFields& call = Of(tool);
  CHECK(call.kind == Kind::kTool);
  CHECK(call.tool == "find_order");
  CHECK(call.input.text == R"({"order_id": "A-1"})");
}

TEST_CASE_METHOD(Reader,
                 "Pydantic AI's runs are agents, its older tools have arguments of their own") {
  SpanBuilder run;
  run.Name("joke_agent run")
      .Text("agent_name", "joke_agent")
      .Text("model_name", "gpt-5-mini")
      .Int("gen_ai.usage.input_tokens", 100)
      .Text("all_messages_events", R"([{"role":"user","content":"A joke."}])")
      .Text("final_result", "Ha.");
  const SpanFields& fields = Of(run);
  CHECK(fields.kind == Kind::kAgent);
  CHECK(fields.agent == "joke_agent");

  SpanBuilder tool;
  tool.Name("running tool: pun")
      .Text("tool_arguments", R"({"topic":"cats"})")
      .Text("tool_response", "Paws.");
  const SpanFields& call = Of(tool);
  CHECK(call.kind == Kind::kTool);
  CHECK(call.tool == "pun");
  CHECK_FALSE(call.tool_named_by_span);
  CHECK(call.output.text == "Paws.");

  SpanBuilder chat;
  chat.Text("gen_ai.operation.name", "chat")
      .Text("model_request_parameters",
            R"({"function_tools":[{"name":"pun","parameters_json_schema":{"type":"object"}}],)"
            R"("output_tools":[{"name":"final"}],"allow_text_output":true})");
  const SpanFields& model = Of(chat);
  REQUIRE(model.tools_offered.size() == 2);
  CHECK(model.tools_offered[0].name == "pun");
  CHECK(model.tools_offered[0].parameters == R"({"type":"object"})");
  CHECK(model.tools_offered[1].name == "final");
}

TEST_CASE_METHOD(Reader, "AgentOps says what a decorated function is") {
  SpanBuilder tool;
  tool.Name("find_order.tool")
      .Text("agentops.span.kind", "tool")
      .Text("agentops.entity.name", "find_order")
      .Text("agentops.entity.input", R"({"args": [], "kwargs": {"order_id": "A-1"}})")
      .Text("agentops.entity.output", "\"sent\"");
  const SpanFields& call = Of(tool);
  CHECK(call.kind == Kind::kTool);
  CHECK(call.convention == "agentops");
  CHECK(call.tool == "find_order");
  CHECK(call.input.text == R"({"order_id": "A-1"})");
  SpanBuilder agent;
  agent.Text("agentops.span.kind", "agent").Text("agentops.entity.name", "desk");
  CHECK(Of(agent).agent == "desk");
}

TEST_CASE_METHOD(Reader, "Haystack says what a component is by its class") {
  SpanBuilder model;
  model.Name("haystack.component.run")
      .Text("haystack.component.type", "OpenAIChatGenerator")
      .Text("haystack.component.name", "llm");
  CHECK(Of(model).kind == Kind::kLlm);
  SpanBuilder tool;
  tool.Name("haystack.agent.step.tool").Text("haystack.tool.name", "find_order");
  const SpanFields& call = Of(tool);
  CHECK(call.kind == Kind::kTool);
  CHECK(call.tool == "find_order");
}

TEST_CASE_METHOD(Reader, "span.type alone names no dialect") {
  struct Case {
    const char* what;
    std::vector<std::pair<const char*, const char*>> attributes;
    Kind kind;
    const char* dialect;
  };
  const Case cases[] = {
      {"nothing else", {{"span.type", "workflow"}}, Kind::kSpan, ""},
      {"nothing else, entity.type", {{"entity.type", "agent"}}, Kind::kSpan, ""},
      {"another emitter's", {{"span.type", "tool"}, {"http.route", "/x"}}, Kind::kSpan, ""},
      {"VoltAgent's", {{"span.type", "llm"}, {"entity.name", "desk"}}, Kind::kLlm, "voltagent"},
      {"VoltAgent's workflow",
       {{"span.type", "workflow"}, {"entity.id", "w1"}},
       Kind::kChain,
       "voltagent"},
      {"Monocle's workflow",
       {{"span.type", "workflow"}, {"monocle_apptrace.version", "0.7.1"}},
       Kind::kChain,
       "monocle"},
      {"Monocle's, in any order",
       {{"monocle_apptrace.language", "js"}, {"span.type", "retrieval"}},
       Kind::kRetriever,
       "monocle"},
  };
  for (const Case& c : cases) {
    SpanBuilder span;
    span.Name("x");
    for (const auto& [key, value] : c.attributes) span.Text(key, value);
    CAPTURE(c.what);
    const SpanFields& fields = Of(span);
    CHECK(fields.kind == c.kind);
    CHECK(fields.convention == c.dialect);
  }
}

TEST_CASE_METHOD(Reader,
                 "Monocle numbers who takes part, and keeps contents and counts in events") {
  const auto begin = [](SpanBuilder& span, const char* type) {
    span.Name("some.module.method").Text("span.type", type).Text("monocle_apptrace.version", "0.7");
  };
  SpanBuilder llm;
  begin(llm, "inference.framework");
  llm.Text("entity.1.type", "inference.openai")
      .Text("entity.2.name", "gpt-4o")
      .Text("entity.2.type", "model.llm.gpt-4o")
      .Text("scope.agentic.session", "s-1");
  llm.Event("data.input")
      .Text("input", R"(["{\"system\": \"Be brief.\"}", "{\"human\": \"Book it.\"}"])");
  llm.Event("data.output")
      .Text("response",
            R"({"ai": {"name": "book", "args": {"n": 1}, "id": "call_1", "type": "tool_call"}})");
  llm.Event("metadata")
      .Int("prompt_tokens", 187)
      .Int("completion_tokens", 20)
      .Text("finish_reason", "tool_calls");
  const SpanFields& call = Of(llm);
  CHECK(call.kind == Kind::kLlm);
  CHECK(call.convention == "monocle");
  CHECK(call.request_model == "gpt-4o");
  CHECK(call.session == "s-1");
  CHECK(call.input_tokens == 187);
  CHECK(call.output_tokens == 20);
  CHECK(call.finish_reason.text == "tool_calls");
  REQUIRE(call.messages_in.size() == 2);
  CHECK(call.messages_in[0].role == "system");
  CHECK(call.messages_in[1].role == "user");
  CHECK(call.messages_in[1].content == "Book it.");
  REQUIRE(call.messages_out.size() == 1);
  REQUIRE(call.messages_out[0].tool_calls.size() == 1);
  CHECK(call.messages_out[0].tool_calls[0].name == "book");
  CHECK(call.messages_out[0].tool_calls[0].id == "call_1");
  CHECK(call.messages_out[0].tool_calls[0].arguments == R"({"n": 1})");

  SpanBuilder named;
  begin(named, "inference");
  named.Text("entity.2.name", "m")
      .Event("data.output")
      .Text("response",
            R"({"tools": [{"tool_id": "c", "tool_name": "f", "tool_arguments": "{}"}]})");
  const SpanFields& calls = Of(named);
  REQUIRE(calls.messages_out.size() == 1);
  REQUIRE(calls.messages_out[0].tool_calls.size() == 1);
  CHECK(calls.messages_out[0].tool_calls[0].name == "f");
  CHECK(calls.messages_out[0].tool_calls[0].id == "c");

  SpanBuilder tool;
  begin(tool, "agentic.tool.invocation");
  tool.Text("entity.1.name", "book_flight")
      .Text("entity.2.name", "Supervisor")
      .Event("data.input")
      .Text("input", R"({"to": "JFK"})")
      .Event("data.output")
      .Text("response", "booked");
  const SpanFields& done = Of(tool);
  CHECK(done.kind == Kind::kTool);
  CHECK(done.tool == "book_flight");
  CHECK(done.agent == "Supervisor");
  CHECK(done.request_model.empty());
  CHECK(done.input.text == R"({"to": "JFK"})");
  CHECK(done.output.text == "booked");

  SpanBuilder agent;
  begin(agent, "agentic.invocation");
  agent.Text("entity.1.name", "Supervisor").Event("data.input").Text("query", "Book it.");
  const SpanFields& run = Of(agent);
  CHECK(run.kind == Kind::kAgent);
  CHECK(run.agent == "Supervisor");
  CHECK(run.input.text == "Book it.");
}

TEST_CASE_METHOD(Reader, "Semantic Kernel and Logfire have words of their own for the same") {
  SpanBuilder model;
  model.Text("gen_ai.operation.name", "chat.completions").Text("gen_ai.request.model", "gpt-5");
  CHECK(Of(model).kind == Kind::kLlm);
  SpanBuilder tool;
  tool.Name("Function: find_order");
  CHECK(Of(tool).tool == "find_order");
}

TEST_CASE_METHOD(Reader, "tool.parameters holds the arguments only if nothing else does") {
  SpanBuilder both;
  both.Text("openinference.span.kind", "TOOL")
      .Text("tool.parameters", R"({"type":"object"})")
      .Text("input", R"({"order_id":"A-1"})");
  CHECK(Of(both).input.text == R"({"order_id":"A-1"})");
  SpanBuilder alone;
  alone.Text("openinference.span.kind", "TOOL").Text("tool.parameters", R"({"order_id":"A-1"})");
  CHECK(Of(alone).input.text == R"({"order_id":"A-1"})");
}

TEST_CASE_METHOD(Reader, "the result of a tool is read without its wrapping") {
  const auto result = [&](std::string output) {
    SpanBuilder b;
    b.Text("openinference.span.kind", "TOOL").Text("output.value", std::move(output));
    return std::string(Of(b).output.text);
  };
  CHECK(result(R"([{"json": {"a": 1}}])") == R"({"a": 1})");
  CHECK(result(R"([{"type":"text","text":"a \"b\""}])") == R"(a "b")");
  CHECK(result(
            R"({"output":{"lc":1,"type":"constructor","kwargs":{"content":"x","status":"ok"}}})") ==
        "x");
  CHECK(result(R"({"output":{"type":"tool","content":"x"}})") == "x");
  for (const std::string whole :
       {R"([{"json":1},{"json":2}])", R"([{"text":"a","id":3}])",
        R"([{"type":"image","text":"a"}])",
        R"({"output":{"lc":1,"kwargs":{"content":"bad","status":"error"}}})",
        R"({"output":{"content":"x"}})", R"({"output":"x"})", R"({"type":"tool"})",
        R"([{"json")"}) {
    CHECK(result(whole) == whole);
  }
}

TEST_CASE_METHOD(Reader,
                 "the keys that no table reads are named, without those that name nothing") {
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "chat")
      .Text("vendor.model.name", "m")
      .Text("vendor.item.3.text", "x")
      .Text("vendor.item.14.text", "x")
      .Text("http.request.method", "GET")
      .Text("order 17 of a customer", "x")
      .Text("cache.9f8e4321aa", "x")
      .Text("another.key", "x");
  CHECK(Of(b).unread_keys == "another.key\nvendor.item.#.text\nvendor.model.name");
  SpanBuilder known;
  known.Text("gen_ai.operation.name", "chat").Text("gen_ai.request.model", "gpt-5");
  CHECK(Of(known).unread_keys.empty());
  SpanBuilder many;
  for (char c = 'a'; c <= 'z'; ++c) many.Text(std::string("key.") + c, "x");
  const std::string_view keys = Of(many).unread_keys;
  CHECK(std::count(keys.begin(), keys.end(), '\n') == 11);
}

TEST_CASE_METHOD(Reader, "a text that is also its only part is one text") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Text("llm.input_messages.0.message.role", "user")
      .Text("llm.input_messages.0.message.contents.0.message_content.text", "Hi")
      .Text("llm.input_messages.0.message.content", "Hi");
  REQUIRE(Of(b).messages_in.size() == 1);
  CHECK(Of(b).messages_in[0].content == "Hi");
}

}  // namespace
}  // namespace halo
