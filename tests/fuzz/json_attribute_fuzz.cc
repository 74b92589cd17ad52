// SPDX-License-Identifier: MIT
// Puts a JSON value, whole and truncated, into each attribute that may contain JSON: no crash, and
// a truncated value gives neither named tools nor calls. The first two bytes say how much is cut
// off.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/facts/facts_computer.h"
#include "engine/json/json_shape.h"
#include "engine/semconv/convention.h"
#include "engine/semconv/conventions.h"

namespace halo {
namespace {

struct Place {
  std::string_view kind, key;
};
constexpr Place kPlaces[] = {
    {"LLM", "gen_ai.tool.definitions"},
    {"LLM", "llm.tools.0.tool.json_schema"},
    {"LLM", "gen_ai.input.messages"},
    {"LLM", "gen_ai.output.messages"},
    {"LLM", "output.value"},
    {"LLM", "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments"},
    {"TOOL", "input.value"},
    {"TOOL", "output.value"},
    {"EVALUATOR", "output.value"},
    {"CHAIN", "metadata"},
    {"LLM", "langfuse.observation.usage_details"},
    {"LLM", "langfuse.observation.cost_details"},
    {"LLM", "ai.response.providerMetadata"},
};

void Run(std::string_view text) {
  static const PriceTable prices;
  static const OutcomeConfig config;
  static Conventions conventions;
  static FactsComputer computer(config, prices);
  const bool is_whole = ShapeOf(text) == JsonShape::kWhole;
  for (const Place& place : kPlaces) {
    Resource resource;
    Span span;
    span.resource = &resource;
    span.trace_id = "t";
    span.span_id = "s";
    span.attributes = {{"openinference.span.kind", Value::Text(place.kind)},
                       {place.key, Value::Text(text)}};
    StringPool words;
    SpanFacts facts;
    const SpanFields& fields = conventions.Read(span);
    computer.Compute(span, fields, conventions.json(), words, facts);
    for (const ToolDefinition& tool : fields.tools_offered) {
      if (!is_whole && !tool.name.empty()) std::abort();
    }
    if (!is_whole && place.key.ends_with("messages") && facts.tool_call_count > 0) std::abort();
    if (facts.usage.input < 0 || facts.usage.output < 0 || facts.cost_nano_usd < 0) std::abort();
  }
}

}  // namespace
}  // namespace halo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t cut = data[0] + 256u * data[1];
  halo::Run(text);
  if (cut > 0) halo::Run(text.substr(0, text.size() - cut % (text.size() + 1)));
  return 0;
}
