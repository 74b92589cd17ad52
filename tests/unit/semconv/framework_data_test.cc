// SPDX-License-Identifier: MIT
// Compares what the conventions read with what Langfuse made of the same attributes, for traces of
// many frameworks. Needs the folder that HALO_TEST_DATA names.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// An instrumentation in the data, and the dialect that its model calls follow. script/
// describe-conventions lists them.
struct Emitter {
  std::string_view scope, dialect;
};
constexpr Emitter kEmitters[] = {
    {"pydantic-ai", "otel_genai"},
    {"agent_framework", "otel_genai"},
    {"Experimental.Microsoft.Extensions.AI", "otel_genai"},
    {"ai.koog", "otel_genai"},
    {"langsmith", "otel_genai"},
    {"openinference.instrumentation.agno", "openinference"},
    {"openinference.instrumentation.beeai", "openinference"},
    {"openinference.instrumentation.crewai", "openinference"},
    {"openinference.instrumentation.google_adk", "openinference"},
    {"openinference.instrumentation.google_genai", "openinference"},
    {"openinference.instrumentation.litellm", "openinference"},
    {"openinference.instrumentation.llama_index", "openinference"},
    {"openinference.instrumentation.openai_agents", "openinference"},
    {"openinference.instrumentation.vertexai", "openinference"},
};

// The export holds objects as JSON text or as they are.
json::value Opened(const json::value* value) {
  if (value == nullptr || !value->is_string()) return value == nullptr ? json::value() : *value;
  boost::system::error_code error;
  json::value opened = json::parse(value->as_string(), error);
  return error ? *value : opened;
}

std::string TextOf(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

void Fill(const json::object& attributes, SpanBuilder& span) {
  for (const auto& [key, value] : attributes) {
    if (value.is_string()) {
      span.Text(key, std::string(value.as_string()));
    } else if (value.is_int64()) {
      span.Int(key, value.as_int64());
    } else if (value.is_double()) {
      span.Double(key, value.as_double());
    } else if (value.is_bool()) {
      span.Bool(key, value.as_bool());
    } else if (!value.is_null()) {
      span.Json(key, json::serialize(value));
    }
  }
}

struct Seen {
  int model_calls = 0, tool_calls = 0, agents = 0;
};

void Compare(const json::object& observation, const SpanFields& fields, Seen& seen) {
  const std::string type = TextOf(observation, "type"), name = TextOf(observation, "name");
  INFO(type << " " << name);
  if (type == "GENERATION") {
    ++seen.model_calls;
    CHECK(fields.kind == Kind::kLlm);
    const std::string model = TextOf(observation, "model");
    CHECK((fields.request_model == model || fields.response_model == model));
    const json::value* const usage = observation.if_contains("usageDetails");
    if (usage == nullptr || !usage->is_object()) return;
    const json::value* const output = usage->as_object().if_contains("output");
    // Where the counts are not among the attributes, Langfuse estimated them.
    if (output && output->is_int64() && fields.output_tokens >= 0) {
      CHECK(fields.output_tokens == output->as_int64());
    }
  } else if (type == "TOOL") {
    ++seen.tool_calls;
    CHECK(fields.kind == Kind::kTool);
    CHECK(!fields.tool.empty());
    CHECK(name.find(fields.tool) != name.npos);
  } else if (type == "AGENT" && !name.starts_with("agent.")) {  // "agent.ID" creates an agent
    ++seen.agents;
    CHECK(fields.kind == Kind::kAgent);
    CHECK(!fields.agent.empty());
  }
}

}  // namespace

TEST_CASE("what frameworks export is read as Langfuse reads it") {
  const char* const data = std::getenv("HALO_TEST_DATA");
  const fs::path folder = fs::path(data == nullptr ? "" : data) / "langfuse-framework-traces";
  if (data == nullptr || !fs::is_directory(folder)) {
    WARN("skipped: HALO_TEST_DATA names no folder with langfuse-framework-traces");
    return;
  }
  std::map<std::string, Seen, std::less<>> seen;
  Conventions conventions;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const json::value trace = json::parse(text);
    if (!trace.is_object() || !trace.as_object().contains("observations")) continue;
    for (const json::value& each : trace.at("observations").as_array()) {
      const json::object& observation = each.as_object();
      const json::value metadata = Opened(observation.if_contains("metadata"));
      if (!metadata.is_object()) continue;
      const json::value attributes = Opened(metadata.as_object().if_contains("attributes"));
      const json::value scope = Opened(metadata.as_object().if_contains("scope"));
      if (!attributes.is_object() || !scope.is_object()) continue;
      const std::string emitter = TextOf(scope.as_object(), "name");
      const auto known = std::find_if(std::begin(kEmitters), std::end(kEmitters),
                                      [&](const Emitter& one) { return one.scope == emitter; });
      if (known == std::end(kEmitters)) continue;
      SpanBuilder span;
      span.Name(TextOf(observation, "name")).Scope(emitter);
      Fill(attributes.as_object(), span);
      const SpanFields& fields = conventions.Read(span.span());
      INFO(entry.path().filename() << " " << emitter);
      if (fields.kind == Kind::kLlm) CHECK(fields.convention == known->dialect);
      Compare(observation, fields, seen[emitter]);
      if (emitter == "pydantic-ai" && TextOf(observation, "name").ends_with(" run")) {
        CHECK(fields.kind == Kind::kAgent);
        CHECK(!fields.agent.empty());
      }
    }
  }
  CHECK(seen.size() == std::size(kEmitters));
  CHECK(seen["pydantic-ai"].model_calls >= 10);
  CHECK(seen["pydantic-ai"].tool_calls >= 6);
  CHECK(seen["openinference.instrumentation.openai_agents"].model_calls >= 4);
}

}  // namespace halo
