// SPDX-License-Identifier: MIT
#include "engine/semconv/conventions.h"

#include <catch2/catch.hpp>

#include "engine/model/span_fields.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

TEST_CASE("OpenInference: an LLM span with flattened messages") {
  SpanBuilder b;
  b.Name("ChatCompletion")
      .Scope("openinference.instrumentation.openai")
      .ResourceText("service.name", "shop")
      .ResourceText("openinference.project.name", "demo")
      .Text("openinference.span.kind", "LLM")
      .Text("session.id", "s-9")
      .Text("user.id", "u-1")
      .Text("llm.provider", "openai")
      .Text("llm.model_name", "gpt-4o-mini-2024-07-18")
      .Int("llm.token_count.prompt", 120)
      .Int("llm.token_count.completion", 20)
      .Int("llm.token_count.total", 140)
      .Int("llm.token_count.prompt_details.cache_read", 64)
      .Double("llm.cost.total", 0.002)
      .Text("llm.input_messages.0.message.role", "system")
      .Text("llm.input_messages.0.message.content", "Be brief.")
      .Text("llm.input_messages.1.message.role", "user")
      .Text("llm.input_messages.1.message.contents.0.message_content.type", "text")
      .Text("llm.input_messages.1.message.contents.0.message_content.text", "Look")
      .Text("llm.input_messages.1.message.contents.1.message_content.type", "image")
      .Text("llm.output_messages.0.message.role", "assistant")
      .Text("llm.output_messages.0.message.content", "")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call_1")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "search")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
            R"({"q":"shoes"})")
      .Text("llm.tools.0.tool.json_schema",
            R"({"type":"function","function":{"name":"search","parameters":{"type":"object"}}})")
      .Text("llm.finish_reason", "tool_calls");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kLlm);
  CHECK(f.convention == "openinference");
  CHECK(f.service == "shop");
  CHECK(f.project == "demo");
  CHECK(f.session == "s-9");
  CHECK(f.user == "u-1");
  CHECK(f.provider == "openai");
  CHECK(f.request_model == "gpt-4o-mini-2024-07-18");
  CHECK(f.response_model == "gpt-4o-mini-2024-07-18");
  CHECK(f.input_tokens == 120);
  CHECK(f.output_tokens == 20);
  CHECK(f.total_tokens == 140);
  CHECK(f.cache_read_tokens == 64);
  CHECK(f.cache_write_tokens == -1);
  CHECK(f.cost_usd == Approx(0.002));
  REQUIRE(f.messages_in.size() == 2);
  CHECK(f.messages_in[0].role == "system");
  CHECK(f.messages_in[0].content == "Be brief.");
  CHECK(f.messages_in[1].content == "Look\n[image]");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.has_messages_out);
  CHECK(f.messages_out[0].content.empty());
  REQUIRE(f.messages_out[0].tool_calls.size() == 1);
  CHECK(f.messages_out[0].tool_calls[0].name == "search");
  CHECK(f.messages_out[0].tool_calls[0].id == "call_1");
  CHECK(f.messages_out[0].tool_calls[0].arguments == R"({"q":"shoes"})");
  CHECK(f.messages_out_at.path ==
        "attributes.llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments");
  REQUIRE(f.tools_offered.size() == 1);
  CHECK(f.tools_offered[0].name == "search");
  CHECK(f.tools_offered[0].parameters == R"({"type":"object"})");
  CHECK(f.finish_reason.text == "tool_calls");
  CHECK(f.finish_reason.path == "attributes.llm.finish_reason");
}

TEST_CASE("OpenInference: a tool span") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "tool")
      .Text("tool.name", "read_file")
      .Text("tool.parameters", R"({"type":"object"})")
      .Text("input.value", R"({"path":"a.txt"})")
      .Text("output.value", "hello");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kTool);
  CHECK(f.tool == "read_file");
  CHECK(f.input.text == R"({"path":"a.txt"})");
  CHECK(f.input.path == "attributes.input.value");
  CHECK(f.input.whole == f.input.text);
  CHECK(f.output.text == "hello");
  CHECK(f.output.path == "attributes.output.value");
}

TEST_CASE("flattened messages come in numeric order, hostile indexes are left out") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM");
  for (const char* const index :
       {"10", "9", "0", "2147483648", "4294967295", "99999999999999999999"}) {
    b.Text(std::string("llm.input_messages.") + index + ".message.content",
           std::string("m") + index);
  }
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_in.size() == 3);
  CHECK(f.messages_in[0].content == "m0");
  CHECK(f.messages_in[1].content == "m9");
  CHECK(f.messages_in[2].content == "m10");
}

TEST_CASE("OpenTelemetry GenAI: a chat span with JSON messages") {
  SpanBuilder b;
  b.Name("chat gpt-4o")
      .Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.provider.name", "azure.ai.openai")
      .Text("gen_ai.system", "openai")
      .Text("gen_ai.request.model", "gpt-4o")
      .Text("gen_ai.response.model", "gpt-4o-2024-08-06")
      .Text("gen_ai.conversation.id", "c-1")
      .Int("gen_ai.usage.input_tokens", 10)
      .Text("gen_ai.usage.output_tokens", "5")
      .Int("gen_ai.usage.cache_read.input_tokens", 4)
      .Json("gen_ai.response.finish_reasons", R"(["tool_call"])")
      .Text("gen_ai.system_instructions", R"([{"type":"text","content":"Be kind."}])")
      .Text("gen_ai.input.messages",
            R"([{"role":"user","parts":[{"type":"text","content":"Weather?"}]},)"
            R"({"role":"assistant","parts":[{"type":"reasoning","content":"hm"},)"
            R"({"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Bonn"}}]},)"
            R"({"role":"tool","parts":[{"type":"tool_call_response","id":"c1","result":"rain"}]}])")
      .Text("gen_ai.output.messages",
            R"([{"role":"assistant","parts":[{"type":"text","content":"It \"rains\"."}],)"
            R"("finish_reason":"stop"}])")
      .Text("gen_ai.tool.definitions",
            R"([{"type":"function","name":"weather","parameters":{"type":"object"}}])");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kLlm);
  CHECK(f.convention == "otel_genai");
  CHECK(f.provider == "azure.ai.openai");
  CHECK(f.request_model == "gpt-4o");
  CHECK(f.response_model == "gpt-4o-2024-08-06");
  CHECK(f.session == "c-1");
  CHECK(f.input_tokens == 10);
  CHECK(f.output_tokens == 5);
  CHECK(f.cache_read_tokens == 4);
  CHECK(f.finish_reason.text == "tool_call");
  CHECK(f.finish_reason.whole == R"(["tool_call"])");
  REQUIRE(f.messages_in.size() == 4);
  CHECK(f.messages_in[0].role == "system");
  CHECK(f.messages_in[0].content == "Be kind.");
  CHECK(f.messages_in[1].content == "Weather?");
  CHECK(f.messages_in[2].content.empty());
  REQUIRE(f.messages_in[2].tool_calls.size() == 1);
  CHECK(f.messages_in[2].tool_calls[0].arguments == R"({"city":"Bonn"})");
  CHECK(f.messages_in[3].role == "tool");
  CHECK(f.messages_in[3].content == "rain");
  CHECK(f.messages_in[3].tool_call_id == "c1");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content == "It \"rains\".");
  CHECK(f.messages_out_at.path == "attributes.gen_ai.output.messages");
  REQUIRE(f.tools_offered.size() == 1);
  CHECK(f.tools_offered[0].name == "weather");
}

TEST_CASE("OpenTelemetry GenAI: deprecated indexed keys") {
  SpanBuilder b;
  b.Text("gen_ai.system", "anthropic")
      .Text("gen_ai.request.model", "claude-3-5-sonnet")
      .Int("gen_ai.usage.prompt_tokens", 7)
      .Int("gen_ai.usage.completion_tokens", 3)
      .Text("gen_ai.prompt.0.role", "user")
      .Text("gen_ai.prompt.0.content", "Hi")
      .Text("gen_ai.completion.0.role", "assistant")
      .Text("gen_ai.completion.0.content", "Hello")
      .Text("gen_ai.completion.0.finish_reason", "end_turn");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kLlm);
  CHECK(f.input_tokens == 7);
  CHECK(f.output_tokens == 3);
  REQUIRE(f.messages_in.size() == 1);
  CHECK(f.messages_in[0].content == "Hi");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content == "Hello");
  CHECK(f.messages_out_at.path == "attributes.gen_ai.completion.0.content");
  CHECK(f.finish_reason.text == "end_turn");
  CHECK(f.finish_reason.path == "attributes.gen_ai.completion.0.finish_reason");
}

TEST_CASE("OpenTelemetry GenAI: messages in events") {
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "chat")
      .Event("gen_ai.user.message")
      .Text("content", "What now?")
      .Event("gen_ai.choice")
      .Int("index", 0)
      .Text("finish_reason", "length")
      .Text("message", R"({"role":"assistant","content":"Well"})");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_in.size() == 1);
  CHECK(f.messages_in[0].role == "user");
  CHECK(f.messages_in[0].content == "What now?");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content == "Well");
  CHECK(f.messages_out_at.path == "events[1].attributes.message");
  CHECK(f.finish_reason.text == "length");
  CHECK(f.finish_reason.path == "events[1].attributes.finish_reason");
}

TEST_CASE("OpenTelemetry GenAI: content events of the older convention") {
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "chat")
      .Event("gen_ai.content.prompt")
      .Text("gen_ai.prompt", R"([{"role":"user","content":"Hi"}])")
      .Event("gen_ai.content.completion")
      .Text("gen_ai.completion", R"([{"role":"assistant","content":"Yes"}])");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_in.size() == 1);
  CHECK(f.messages_in[0].content == "Hi");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content == "Yes");
  CHECK(f.messages_out_at.path == "events[1].attributes.gen_ai.completion");
}

TEST_CASE("MCP: a tool call that failed") {
  SpanBuilder b;
  b.Name("tools/call get_weather")
      .Text("mcp.method.name", "tools/call")
      .Text("gen_ai.tool.name", "get_weather")
      .Text("gen_ai.tool.call.arguments", R"({"city":"Bonn"})")
      .Text("gen_ai.tool.call.result", R"({"isError":true})")
      .Text("error.type", "tool_error");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kTool);
  CHECK(f.tool == "get_weather");
  CHECK(f.input.path == "attributes.gen_ai.tool.call.arguments");
  CHECK(f.error_flag.path == "attributes.error.type");
}

TEST_CASE("HALO: inference attributes, nulls skipped") {
  SpanBuilder b;
  b.Name("function.grep")
      .Text("inference.project_id", "halo-demo")
      .Text("inference.observation_kind", "SPAN")
      .Text("openinference.span.kind", "CHAIN")
      .Text("inference.agent_name", "Helper")
      .Text("inference.session_id", "g1")
      .Text("inference.llm.model_name", "gpt-5")
      .Int("inference.llm.input_tokens", 325)
      .Int("inference.llm.cached_input_tokens", 100);
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kChain);
  CHECK(f.project == "halo-demo");
  CHECK(f.agent == "Helper");
  CHECK(f.session == "g1");
  CHECK(f.request_model == "gpt-5");
  CHECK(f.input_tokens == 325);
  CHECK(f.cache_read_tokens == 100);
  CHECK(f.cost_usd == -1);
}

TEST_CASE("kinds: the stronger statement wins, whatever the order of attributes") {
  Conventions conventions;
  {
    SpanBuilder b;
    b.Text("gen_ai.operation.name", "chat").Text("openinference.span.kind", "AGENT");
    CHECK(conventions.Read(b.span()).kind == Kind::kAgent);
  }
  {
    SpanBuilder b;
    b.Text("openinference.span.kind", "whatever").Text("gen_ai.operation.name", "execute_tool");
    CHECK(conventions.Read(b.span()).kind == Kind::kTool);
  }
  {
    SpanBuilder b;
    b.Text("gen_ai.operation.name", "task_decomposition")
        .Text("gen_ai.request.model", "gemma")
        .Text("tool.name", "catalog")
        .Int("gen_ai.usage.input_tokens", 4);
    CHECK(conventions.Read(b.span()).kind == Kind::kLlm);
  }
  {
    SpanBuilder b;
    b.Name("execute_tool lookup");
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.kind == Kind::kTool);
    CHECK(f.tool == "lookup");
  }
  {
    SpanBuilder b;
    b.Name("invoke_agent Planner");
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.kind == Kind::kAgent);
    CHECK(f.agent == "Planner");
  }
  {
    SpanBuilder b;
    b.Name("GET /users").Text("http.request.method", "GET");
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.kind == Kind::kSpan);
    CHECK(f.convention.empty());
  }
}

TEST_CASE("cached tokens: the scope says whether the input count holds them") {
  Conventions conventions;
  {
    SpanBuilder b;
    b.Scope("openinference.instrumentation.claude_agent_sdk")
        .Int("llm.token_count.prompt", 4)
        .Int("llm.token_count.prompt_details.cache_read", 900);
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.input_excludes_cache);
    CHECK_FALSE(f.input_includes_cache);
  }
  {
    SpanBuilder b;
    b.Scope("openinference.instrumentation.langchain")
        .Int("llm.token_count.prompt", 904)
        .Int("llm.token_count.prompt_details.cache_read", 900);
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.input_includes_cache);
    CHECK_FALSE(f.input_excludes_cache);
  }
}

TEST_CASE("errors: where they were said") {
  Conventions conventions;
  {
    SpanBuilder b;
    b.Event("exception")
        .Text("exception.type", "ValueError")
        .Text("exception.message", "bad")
        .Text("exception.stacktrace", "Traceback ...");
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.error_type.text == "ValueError");
    CHECK(f.error_type.path == "events[0].attributes.exception.type");
    CHECK(f.exception_message.text == "bad");
    CHECK(f.exception_message.path == "events[0].attributes.exception.message");
  }
  {
    SpanBuilder b;
    b.Text("error.type", "_OTHER").Text("exception.type", "KeyError");
    CHECK(conventions.Read(b.span()).error_type.text == "KeyError");
  }
  {
    SpanBuilder b;
    b.Text("error", "connection reset").Text("level", "INFO");
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.error_flag.path == "attributes.error");
    CHECK(f.exception_message.text == "connection reset");
  }
  {
    SpanBuilder b;
    b.Text("error", "None").Text("level", "INFO").Bool("isError", false);
    const SpanFields& f = conventions.Read(b.span());
    CHECK(f.error_flag.path.empty());
    CHECK(f.exception_message.text.empty());
  }
  {
    SpanBuilder b;
    b.Text("openinference.span.kind", "TOOL").Bool("success", false);
    CHECK(conventions.Read(b.span()).error_flag.path == "attributes.success");
  }
}

TEST_CASE("metadata members count like attributes where no attribute says it") {
  SpanBuilder b;
  b.Text("metadata", R"({"thread_id":"th-1","task_id":17,"session_id":"no","score":0.25})")
      .Text("session.id", "s-1");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.session == "s-1");
  CHECK(f.task == "17");
  REQUIRE(f.outcome_marks.size() == 1);
  CHECK(f.outcome_marks[0].key == "score");
  CHECK(f.outcome_marks[0].value.real == 0.25);
}

TEST_CASE("an evaluator's verdict stands in its attributes and in its output") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "EVALUATOR")
      .Text("label", "good")
      .Text("output.value", R"({"score":0.25,"label":"bad","explanation":"why","passed":false})");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  std::vector<std::string> keys;
  for (const OutcomeMark& mark : f.outcome_marks) keys.emplace_back(mark.key);
  CHECK(keys == std::vector<std::string>{"label", "label", "score", "passed"});
}

TEST_CASE("waiting for a person is told from work") {
  Conventions conventions;
  SpanBuilder tool;
  tool.Text("gen_ai.tool.name", "AskUserQuestion");
  CHECK(conventions.Read(tool.span()).is_human_wait);
  SpanBuilder other;
  other.Name("human_input").Text("gen_ai.tool.name", "search");
  CHECK_FALSE(conventions.Read(other.span()).is_human_wait);
}

TEST_CASE("of a key given twice the first counts, of several exceptions the last") {
  SpanBuilder b;
  b.Text("session.id", "first")
      .Text("session.id", "second")
      .Event("exception")
      .Text("exception.message", "tried")
      .Event("exception")
      .Text("exception.message", "gave up");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.session == "first");
  CHECK(f.exception_message.text == "gave up");
  CHECK(f.exception_message.path == "events[1].attributes.exception.message");
}

TEST_CASE("an LLM span without message keys is read from its input and output") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Text("input.value", R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})")
      .Text("output.value",
            R"({"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":)"
            R"([{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
            R"("finish_reason":"tool_calls"}]})");
  Conventions conventions;
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_in.size() == 1);
  CHECK(f.messages_in[0].content == "Hi");
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content.empty());
  REQUIRE(f.messages_out[0].tool_calls.size() == 1);
  CHECK(f.messages_out[0].tool_calls[0].name == "f");
  CHECK(f.finish_reason.text == "tool_calls");
  CHECK(f.finish_reason.path == "attributes.output.value");
}

TEST_CASE("a reader used again forgets the span before") {
  Conventions conventions;
  {
    SpanBuilder b;
    b.Text("openinference.span.kind", "LLM")
        .Text("session.id", "s")
        .Text("llm.output_messages.0.message.content", "x")
        .Text("outcome", "pass");
    conventions.Read(b.span());
  }
  const SpanBuilder empty;
  const SpanFields& f = conventions.Read(empty.span());
  CHECK(f.kind == Kind::kSpan);
  CHECK(f.session.empty());
  CHECK(f.messages_out.empty());
  CHECK_FALSE(f.has_messages_out);
  CHECK(f.outcome_marks.empty());
  CHECK(f.input.path.empty());
}

}  // namespace
}  // namespace halo
