// SPDX-License-Identifier: MIT
#include "engine/facts/facts_computer.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/codec/span_codec.h"
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
  std::string Quote(const SpanBuilder& b, const QuoteRef& quote) const {
    if (quote.path == 0) return "";
    const std::optional<Value> value = ValueAt(b.span(), words[quote.path]);
    REQUIRE(value);
    return std::string(value->text.substr(quote.offset, quote.length));
  }
};

TEST_CASE_METHOD(Computer, "a tool span: what was asked, what came back") {
  SpanBuilder b;
  b.Name("execute_tool search")
      .Parent("p1")
      .Text("gen_ai.operation.name", "execute_tool")
      .Text("gen_ai.tool.name", "search")
      .Text("gen_ai.tool.call.arguments", R"({"q":"shoes","limit":5})")
      .Text("gen_ai.tool.call.result", "3 hits");
  const SpanFacts f = Of(b);
  CHECK(Text(f.span_id) == "s1");
  CHECK(Text(f.parent_id) == "p1");
  CHECK(f.kind == Kind::kTool);
  CHECK(Text(f.tool) == "search");
  CHECK(Text(f.convention) == "otel_genai");
  CHECK_FALSE(f.failed);
  CHECK(f.arguments_hash != 0);
  CHECK(f.result_hash != 0);
  CHECK(f.result_bytes == 6);
  CHECK(Quote(b, f.arguments_quote) == R"({"q":"shoes","limit":5})");
  CHECK(Quote(b, f.result_quote) == "3 hits");
  CHECK_FALSE(f.has_usage);
  CHECK(f.cost_source == CostSource::kNone);

  SpanBuilder same;
  same.Text("gen_ai.operation.name", "execute_tool")
      .Text("gen_ai.tool.name", "search")
      .Text("gen_ai.tool.call.arguments", R"({ "limit": 5, "q": "shoes" })");
  CHECK(Of(same).arguments_hash == f.arguments_hash);
  SpanBuilder other;
  other.Text("gen_ai.operation.name", "execute_tool")
      .Text("gen_ai.tool.name", "search_all")
      .Text("gen_ai.tool.call.arguments", R"({"q":"shoes","limit":5})");
  CHECK(Of(other).arguments_hash != f.arguments_hash);
}

TEST_CASE_METHOD(Computer, "instances of an agent are one agent, and an id is no name") {
  struct Case {
    const char* span_name;
    const char* agent;
    const char* id;
    const char* name;
  };
  const Case cases[] = {
      {"invoke_agent x", "Planner", "asst_5f3a9c", "Planner"},
      {"invoke_agent x", "Planner-550e8400-e29b-41d4-a716-446655440000", "", "Planner-<id>"},
      {"invoke_agent x", "planner_01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "planner_<id>"},
      {"invoke_agent x", "worker-17", "17", "worker-<id>"},
      {"Planner.run", "550e8400-e29b-41d4-a716-446655440000",
       "550e8400-e29b-41d4-a716-446655440000", "Planner.run"},
      {"invoke_agent 550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000",
       "", "<id>"},
      {"invoke_agent Planner-3f2a9c1b", "", "", "Planner-<id>"},
  };
  for (const Case& c : cases) {
    SpanBuilder b;
    b.Name(c.span_name).Text("gen_ai.operation.name", "invoke_agent");
    if (*c.agent != 0) b.Text("gen_ai.agent.name", c.agent);
    if (*c.id != 0) b.Text("gen_ai.agent.id", c.id);
    CAPTURE(c.span_name, c.agent);
    CHECK(Text(Of(b).agent) == c.name);
  }
}

TEST_CASE_METHOD(Computer, "a tool and the agent above it say the same of one cause") {
  SpanBuilder tool;
  tool.Text("openinference.span.kind", "TOOL")
      .Status(StatusCode::kError, "ValueError: no item 17")
      .Event("exception")
      .Text("exception.type", "ValueError")
      .Text("exception.message", "no item 17")
      .Text("exception.stacktrace", "Traceback (most recent call last):\nValueError: no item 17");
  SpanBuilder agent;
  agent.Text("openinference.span.kind", "AGENT")
      .Status(StatusCode::kError, "shop.errors.ValueError: no item 17");
  SpanBuilder chain;
  chain.Text("openinference.span.kind", "CHAIN")
      .Status(StatusCode::kError,
              "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n"
              "    raise ValueError('no item 17')\nValueError: no item 17\n");
  const SpanFacts t = Of(tool);
  CHECK(t.failure_rule == FailureRule::kStatus);
  CHECK(Text(t.error_type) == "ValueError");
  CHECK(Text(t.error_signature).substr(0, 12) == "ValueError: ");
  CHECK(Quote(tool, t.error_quote) == "no item 17");
  const SpanFacts a = Of(agent);
  CHECK(a.error_signature == t.error_signature);
  CHECK(Text(a.error_type) == "shop.errors.ValueError");
  CHECK(Quote(agent, a.error_quote) == "shop.errors.ValueError: no item 17");
  const SpanFacts c = Of(chain);
  CHECK(c.error_signature == t.error_signature);
  CHECK(Quote(chain, c.error_quote) == "ValueError: no item 17");
}

TEST_CASE_METHOD(Computer, "a failed result is quoted as it is stored") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "TOOL")
      .Text("output.value", R"({"success":false,"error":"no \"main\" branch"})");
  const SpanFacts f = Of(b);
  CHECK(f.failure_rule == FailureRule::kResultField);
  CHECK(Quote(b, f.error_quote) == R"(no \"main\" branch)");
}

TEST_CASE_METHOD(Computer, "a failure without any text still has a signature and evidence") {
  SpanBuilder status;
  status.Status(StatusCode::kError);
  CHECK(Text(Of(status).error_signature) == "no message (status)");
  SpanBuilder field;
  field.Text("openinference.span.kind", "TOOL").Text("output.value", R"({"success": false})");
  const SpanFacts f = Of(field);
  CHECK(Text(f.error_signature) == "success=false");
  CHECK(Quote(field, f.error_quote) == R"({"success": false})");
}

TEST_CASE_METHOD(Computer, "transport classes come with the error") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Status(StatusCode::kError)
      .Text("error.type", "openai.RateLimitError");
  const SpanFacts f = Of(b);
  CHECK(f.transport == Transport::kRateLimit);
  CHECK(Text(f.error_type) == "openai.RateLimitError");
  CHECK(Text(f.error_signature) == "RateLimitError");
  SpanBuilder http;
  http.Status(StatusCode::kError).Int("http.response.status_code", 503);
  CHECK(Of(http).transport == Transport::kService);
  CHECK(Text(Of(http).error_type) == "503");
}

TEST_CASE_METHOD(Computer, "an LLM span: usage, answer, calls") {
  SpanBuilder b;
  b.Name("chat gpt-4o-mini")
      .Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.provider.name", "openai")
      .Text("gen_ai.request.model", "gpt-4o-mini")
      .Int("gen_ai.usage.input_tokens", 1000)
      .Int("gen_ai.usage.output_tokens", 100)
      .Json("gen_ai.response.finish_reasons", R"(["tool_calls"])")
      .Text("gen_ai.input.messages",
            R"([{"role":"system","content":"s"},{"role":"user","content":"Find  shoes"},)"
            R"({"role":"assistant","content":"ok"},{"role":"user","content":"go on"}])")
      .Text("gen_ai.output.messages",
            R"([{"role":"assistant","content":null,"tool_calls":[{"id":"1","function":)"
            R"({"name":"serch","arguments":"{\"q\":1}"}}]}])")
      .Text("gen_ai.tool.definitions", R"([{"name":"search","input_schema":{"type":"object"}}])");
  const SpanFacts f = Of(b);
  CHECK(Text(f.operation) == "chat");
  CHECK(Text(f.model) == "gpt-4o-mini");
  CHECK(f.has_usage);
  CHECK(f.usage.input == 1000);
  CHECK(f.usage.output == 100);
  CHECK(f.cost_source == CostSource::kComputed);
  CHECK(f.cost_nano_usd == 210'000);
  CHECK(f.finish == FinishClass::kToolCalls);
  CHECK(Quote(b, f.finish_quote) == "tool_calls");
  CHECK(f.user_turns == 2);
  CHECK(f.has_output);
  CHECK_FALSE(f.output_blank);
  CHECK(f.tool_call_count == 1);
  CHECK(f.calls_hash != 0);
  CHECK(f.has_tool_definitions);
  CHECK(Text(f.invalid_call) == "tool `serch` is not offered; nearest is `search`");
  CHECK(Text(f.invalid_call_tool) == "serch");
  CHECK(Quote(b, f.invalid_call_quote) == "serch");
  CHECK(Text(f.task).substr(0, 5) == "task_");

  SpanBuilder other_run;
  other_run.Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.input.messages", R"([{"role":"user","content":"Find shoes\n"}])");
  CHECK(Of(other_run).task == f.task);
  SpanBuilder other_task;
  other_task.Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.input.messages", R"([{"role":"user","content":"Find boots"}])");
  CHECK(Of(other_task).task != f.task);
  SpanBuilder named;
  named.Text("task.id", "t-17");
  CHECK(Text(Of(named).task) == "t-17");
}

TEST_CASE_METHOD(Computer, "costs: reported wins, unknown models are unpriced") {
  SpanBuilder reported;
  reported.Text("openinference.span.kind", "LLM")
      .Text("llm.model_name", "gpt-4o-mini")
      .Int("llm.token_count.prompt", 1000)
      .Int("llm.token_count.completion", 100)
      .Double("llm.cost.total", 0.5);
  SpanFacts f = Of(reported);
  CHECK(f.cost_source == CostSource::kReported);
  CHECK(f.cost_nano_usd == 500'000'000);
  CHECK(f.computed_nano_usd == 210'000);
  SpanBuilder unknown;
  unknown.Text("openinference.span.kind", "LLM")
      .Text("llm.model_name", "house-model-7")
      .Int("llm.token_count.prompt", 1000);
  f = Of(unknown);
  CHECK(f.cost_source == CostSource::kUnpriced);
  CHECK(f.cost_nano_usd == 0);
  SpanBuilder absurd;
  absurd.Text("openinference.span.kind", "LLM").Double("llm.cost.total", 20'000);
  CHECK(Of(absurd).cost_source == CostSource::kNone);
}

TEST_CASE_METHOD(Computer, "answers: blank, truncated, absent") {
  SpanBuilder blank;
  blank.Text("openinference.span.kind", "LLM")
      .Text("llm.output_messages.0.message.role", "assistant")
      .Text("llm.output_messages.0.message.content", " \n")
      .Text("llm.finish_reason", "length");
  SpanFacts f = Of(blank);
  CHECK(f.has_output);
  CHECK(f.output_blank);
  CHECK(f.finish == FinishClass::kTruncated);
  CHECK(Quote(blank, f.finish_quote) == "length");
  SpanBuilder absent;
  absent.Text("openinference.span.kind", "LLM");
  f = Of(absent);
  CHECK_FALSE(f.has_output);
  CHECK_FALSE(f.output_blank);
  SpanBuilder empty_list;
  empty_list.Text("gen_ai.operation.name", "chat").Text("gen_ai.output.messages", "[]");
  CHECK(Of(empty_list).output_blank);
  SpanBuilder cut_off;
  cut_off.Text("gen_ai.operation.name", "chat")
      .Text("gen_ai.output.messages", R"([{"role":"assistant","parts":[{"type":"te)");
  CHECK_FALSE(Of(cut_off).output_blank);
}

TEST_CASE_METHOD(Computer, "limits are found in errors, answers and finish reasons") {
  SpanBuilder error;
  error.Text("openinference.span.kind", "AGENT")
      .Status(StatusCode::kError, "MaxTurnsExceeded: Max turns (10) exceeded");
  SpanFacts f = Of(error);
  CHECK(Text(f.limit) == "max_turns");
  CHECK(Quote(error, f.limit_quote) == "MaxTurnsExceeded: Max turns (10) exceeded");
  SpanBuilder by_class;
  by_class.Text("openinference.span.kind", "CHAIN")
      .Event("exception")
      .Text("exception.type", "langgraph.errors.GraphRecursionError");
  CHECK(Text(Of(by_class).limit) == "recursion_limit");
  SpanBuilder answer;
  answer.Text("openinference.span.kind", "CHAIN")
      .Text("output.value", "Agent stopped due to iteration limit or time limit.");
  CHECK(Text(Of(answer).limit) == "max_iterations");
  SpanBuilder speech;
  speech.Text("openinference.span.kind", "LLM")
      .Text("output.value", "Raise the recursion limit if GraphRecursionError occurs.");
  CHECK(Of(speech).limit == 0);
}

TEST_CASE_METHOD(Computer, "a call that failed validation is an invalid call") {
  SpanBuilder b;
  b.Text("gen_ai.tool.name", "book")
      .Text("gen_ai.tool.call.arguments", R"({"seat":"none"})")
      .Text("pydantic_ai.tool.failure_stage", "validation")
      .Status(StatusCode::kError, "1 validation error for book");
  const SpanFacts f = Of(b);
  CHECK(Text(f.invalid_call) == "arguments fail the tool's validation");
  CHECK(Text(f.invalid_call_tool) == "book");
  CHECK(Quote(b, f.invalid_call_quote) == R"({"seat":"none"})");
}

TEST_CASE_METHOD(Computer, "a wrong call in flattened messages is quoted from its own attribute") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Text("llm.tools.0.tool.json_schema", R"({"name":"search","input_schema":{"type":"object"}})")
      .Text("llm.output_messages.0.message.content", "Let me see.")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "write")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}");
  const SpanFacts f = Of(b);
  CHECK(Text(f.invalid_call) == "tool `write` is not offered");
  CHECK(Text(f.invalid_call_quote.path) ==
        "attributes.llm.output_messages.0.message.tool_calls.0.tool_call.function.name");
  CHECK(Quote(b, f.invalid_call_quote) == "write");
}

TEST_CASE_METHOD(Computer, "a list that may have been cut by the attribute limit accuses nobody") {
  SpanBuilder b;
  b.Text("openinference.span.kind", "LLM")
      .Text("llm.tools.0.tool.json_schema", R"({"name":"search"})")
      .Text("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "write");
  while (b.span().attributes.size() < 128) {
    b.Text("filler." + std::to_string(b.span().attributes.size()), "x");
  }
  CHECK(Of(b).invalid_call == 0);
  b.Text("filler", "x");
  CHECK(Of(b).invalid_call != 0);
}

TEST_CASE_METHOD(Computer, "a computer used again forgets the span before") {
  SpanBuilder failing;
  failing.Text("openinference.span.kind", "TOOL").Text("output.value", "Error: bad");
  CHECK(Of(failing).failed);
  const SpanBuilder plain;
  const SpanFacts f = Of(plain);
  CHECK_FALSE(f.failed);
  CHECK(f.error_signature == 0);
  CHECK(f.arguments_hash == 0);
  CHECK(f.result_quote.path == 0);
}

}  // namespace
}  // namespace halo
