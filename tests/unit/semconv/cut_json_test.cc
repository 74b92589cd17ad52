// SPDX-License-Identifier: MIT
// Every attribute that may contain JSON, truncated at every byte, as by an SDK's length limit: no
// crash, no call or tool from an incomplete value, and the loss is counted.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/facts/facts_computer.h"
#include "engine/json/json_shape.h"
#include "engine/semconv/convention.h"
#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

// One value of each shape that emitters write.
const std::vector<std::string>& Values() {
  static const std::vector<std::string> values = {
      // Tool definitions: OpenAI chat and responses, Anthropic, MCP, Gemini.
      R"([{"type":"function","function":{"name":"find","description":"Finds \"it\"","parameters":)"
      R"({"type":"object","properties":{"q":{"type":"string"},"n":{"enum":[1,2]}}}}}])",
      R"([{"name":"find","input_schema":{"type":"object","required":["q"]}},{"name":"get"}])",
      R"({"functionDeclarations":[{"name":"find","parameters":{"a":{"b":{}}}}]})",
      // Messages: OpenTelemetry parts, OpenAI with calls, Anthropic blocks, Gemini contents,
      // LangChain constructors, a list as text.
      R"([{"role":"assistant","parts":[{"type":"text","content":"h\u00e9 \\ there"},{"type":)"
      R"("tool_call","id":"c1","name":"find","arguments":{"q":[1,{"x":null}]}}]}])",
      R"({"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a",)"
      R"("function":{"name":"find","arguments":"{\"q\":\"x\"}"}}]},"finish_reason":"stop"}]})",
      R"([{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":{"a":[1]}}]}])",
      R"({"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}]})",
      R"({"messages":[[{"lc":1,"kwargs":{"content":"Hi","additional_kwargs":{}}}]]})",
      R"("[{\"role\":\"user\",\"content\":\"Hi\"}]")",
      // Arguments and results.
      R"({"query":"shoes","filters":{"price":{"max":10.5e3}},"tags":["a","b"],"deep":[[[]]]})",
      R"({"content":[{"type":"text","text":"{\"success\":false}"}],"isError":true,"error":{"code":)"
      R"(404,"message":"no"},"status":"error"})",
      // Usage.
      R"({"input":10,"output":5,"total":15,"input_cached_tokens":3,"output_reasoning_tokens":2})",
      R"({"anthropic":{"usage":{"input_tokens":4,"cache_read_input_tokens":9}}})",
      R"({"usage_metadata":{"prompt_token_count":7,"thoughts_token_count":2},"content":{}})",
  };
  return values;
}

std::vector<std::string> Keys() {
  std::vector<std::string> keys;
  for (const Convention* const convention : AllConventions()) {
    for (const KeyRule& rule : convention->keys) {
      const bool is_plain = rule.field <= Field::kPlainOutputTokens || rule.field == Field::kKind;
      if (!is_plain) keys.emplace_back(rule.key);
    }
    for (const FlatRule& rule : convention->flat) {
      std::string key(rule.pattern);
      for (std::size_t at; (at = key.find('#')) != std::string::npos;) key.replace(at, 1, "0");
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

struct Reader {
  PriceTable prices;
  OutcomeConfig config;
  Conventions conventions;
  FactsComputer computer{config, prices};

  SpanFacts Read(const Span& span) {
    StringPool words;
    SpanFacts facts;
    fields = &conventions.Read(span);
    computer.Compute(span, *fields, conventions.json(), words, facts);
    return facts;
  }
  const SpanFields* fields = nullptr;
};

bool IsCut(const SpanFacts& facts) { return (facts.readings & BitOf(Reading::kCutJson)) != 0; }

TEST_CASE("JSON in any attribute may be cut at any byte") {
  Reader reader;
  for (const std::string& key : Keys()) {
    for (const std::string& value : Values()) {
      for (std::size_t size = 1; size <= value.size(); ++size) {
        for (const char* const kind : {"LLM", "TOOL"}) {
          SpanBuilder b;
          b.Text("openinference.span.kind", kind).Text(key, value.substr(0, size));
          reader.Read(b.span());
        }
      }
    }
  }
}

TEST_CASE("cut JSON stays text, names no tool, makes no call, and is counted") {
  Reader reader;
  struct Place {
    const char* kind;
    const char* key;
    std::size_t value;
  };
  const Place places[] = {
      {"LLM", "gen_ai.tool.definitions", 0},
      {"LLM", "gen_ai.tool.definitions", 2},
      {"LLM", "llm.tools.0.tool.json_schema", 1},
      {"LLM", "gen_ai.input.messages", 3},
      {"LLM", "gen_ai.output.messages", 4},
      {"LLM", "gen_ai.completion", 5},
      {"LLM", "input.value", 6},
      {"LLM", "llm.output_messages", 7},
      {"TOOL", "gen_ai.tool.call.arguments", 9},
      {"TOOL", "gen_ai.tool.call.result", 10},
      {"TOOL", "input.value", 9},
      {"TOOL", "output.value", 10},
      {"LLM", "langfuse.observation.usage_details", 11},
      {"LLM", "ai.response.providerMetadata", 12},
      {"LLM", "gcp.vertex.agent.llm_response", 13},
      {"CHAIN", "metadata", 9},
  };
  for (const Place& place : places) {
    const std::string& whole = Values()[place.value];
    for (std::size_t size = 2; size <= whole.size(); ++size) {
      const std::string value = whole.substr(0, size);
      CAPTURE(place.kind, place.key, value);
      SpanBuilder b;
      b.Text("openinference.span.kind", place.kind).Text(place.key, value);
      const SpanFacts facts = reader.Read(b.span());
      CHECK(IsCut(facts) == (size < whole.size()));
      if (size == whole.size()) continue;
      const SpanFields& fields = *reader.fields;
      // The list of tools is incomplete, so calls of other tools are not invalid.
      const std::string_view key = place.key;
      const bool holds_tools = key.find("tool.definitions") != key.npos || key.ends_with("schema");
      CHECK(fields.tools_offered.size() == (holds_tools ? 1 : 0));
      for (const ToolDefinition& tool : fields.tools_offered) CHECK(tool.name.empty());
      CHECK_FALSE(facts.has_usage);
      for (const auto* const messages : {&fields.messages_in, &fields.messages_out}) {
        for (const Message& message : *messages) {
          CHECK(message.tool_calls.empty());
          CHECK(message.content == value);
        }
      }
    }
  }
}

TEST_CASE("a message of an event may be cut at any byte") {
  Reader reader;
  for (const char* const event :
       {"gen_ai.choice", "gen_ai.assistant.message", "gen_ai.user.message",
        "gen_ai.client.inference.operation.details"}) {
    for (const char* const key : {"message", "content", "tool_calls", "gen_ai.output.messages",
                                  "gen_ai.tool.definitions"}) {
      for (const std::string& value : Values()) {
        for (std::size_t size = 1; size <= value.size(); ++size) {
          SpanBuilder b;
          b.Text("gen_ai.operation.name", "chat").Event(event).Text(key, value.substr(0, size));
          reader.Read(b.span());
        }
      }
    }
  }
}

TEST_CASE("the shape of a text says whether it is whole JSON, cut JSON or no JSON") {
  for (const char* const whole :
       {"{}", "[]", " [1, 2] ", R"({"a":{"b":[{}]},"c":"]}"})", R"("text")", R"({"a":"\\"})",
        "[NaN,-1.5e3,null]", "{} and more", "[[],[[]]]"}) {
    CAPTURE(whole);
    CHECK(ShapeOf(whole) == JsonShape::kWhole);
  }
  for (const char* const cut :
       {"{", "[", R"({"a)", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":1,)", R"([{"a":[1]})",
        R"({"a":"x\)", R"({"a":"x\")", R"("{\"a\":)", R"({"a": "long te...)", R"([{"a":1}, ...)",
        R"({"a":1, "b"... [truncated 90 characters])", "[1,2,\xE2\x80\xA6",
        R"([{"a":1},<truncated>)"}) {
    CAPTURE(cut);
    CHECK(ShapeOf(cut) == JsonShape::kCut);
  }
  for (const char* const other :
       {"", "  ", "text", "{a}", "[Errno 2] No such file", "[12:30:01] started", "{\"a\" 1}",
        "{\"a\":1]", "[1 2]", "\"He said", "{\"a\":1,}", "[,]", "12"}) {
    CAPTURE(other);
    CHECK(ShapeOf(other) == JsonShape::kOther);
  }
  CHECK(ShapeOf(std::string(100'000, '[')) == JsonShape::kOther);
}

}  // namespace
}  // namespace halo
