// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <utility>

#include "tests/conformance/fixture_catalogue.h"

namespace halo {

namespace json = boost::json;

Catalogue ConformanceCatalogue() {
  const auto changes = std::make_shared<std::atomic<std::int64_t>>(0);
  Catalogue out{{"conformance-fixture", "Conformance fixture", "1.0.0",
                 "Use this server to run the official conformance suite.", ""},
                {},
                FixtureResources(changes),
                FixturePrompts()};
  for (auto tools : {ContentTools(), AskingTools(), RoundTools(), TaskTools()}) {
    for (ServedTool& tool : tools) out.tools.push_back(std::move(tool));
  }
  out.tools.push_back(ChangingTool(changes));
  return out;
}

json::object TextBlock(std::string_view text) { return {{"type", "text"}, {"text", text}}; }

json::object TextResult(std::string_view text) { return {{"content", {TextBlock(text)}}}; }

// A PNG of one red pixel.
json::object ImageBlock() {
  return {
      {"type", "image"},
      {"mimeType", "image/png"},
      {"data",
       "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5E"
       "rkJggg=="}};
}

json::object ResourceBlock(std::string_view uri, std::string_view mime_type,
                           std::string_view text) {
  return {{"type", "resource"},
          {"resource", {{"uri", uri}, {"mimeType", mime_type}, {"text", text}}}};
}

ServedTool FixtureTool(std::string name, std::string description, Handler call,
                       json::object properties) {
  json::object schema{{"type", "object"}};
  if (!properties.empty()) schema.emplace("properties", std::move(properties));
  ToolInfo info{std::move(name), {}, std::move(description), {}};
  info.title = info.name;
  return {std::move(info), std::move(schema), {}, std::move(call)};
}

json::object Elicitation(std::string_view message, json::object properties) {
  json::array required;
  for (const auto& property : properties) required.emplace_back(property.key());
  return {{"method", "elicitation/create"},
          {"params",
           {{"message", message},
            {"requestedSchema",
             {{"type", "object"},
              {"properties", std::move(properties)},
              {"required", std::move(required)}}}}}};
}

json::object Sampling(std::string_view prompt, int max_tokens) {
  return {{"method", "sampling/createMessage"},
          {"params",
           {{"messages", {{{"role", "user"}, {"content", TextBlock(prompt)}}}},
            {"maxTokens", max_tokens}}}};
}

json::object InputRequired(json::object requests, std::string state) {
  json::object out{{"resultType", "input_required"}, {"inputRequests", std::move(requests)}};
  if (!state.empty()) out.emplace("requestState", std::move(state));
  return out;
}

const json::object* InputResponse(const Exchange& exchange, std::string_view key) {
  const json::value* responses = exchange.params.if_contains("inputResponses");
  if (!responses || !responses->is_object()) return nullptr;
  const json::value* response = responses->get_object().if_contains(key);
  return response ? response->if_object() : nullptr;
}

}  // namespace halo
