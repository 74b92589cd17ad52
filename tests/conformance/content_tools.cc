// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

namespace json = boost::json;

// The suite expects several messages to arrive one after the other.
void Pause() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

// A WAV file without samples: only its header of 44 bytes.
json::object AudioBlock() {
  return {{"type", "audio"},
          {"mimeType", "audio/wav"},
          {"data", "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="}};
}

RpcResult Progress(const Exchange& exchange) {
  for (int done = 0; done <= 100; done += 50) {
    if (done > 0) Pause();
    exchange.context.progress(done, 100, "");
  }
  return TextResult("Done.");
}

RpcResult Logging(const Exchange& exchange) {
  exchange.client.log(LogLevel::kInfo, "Tool execution started");
  Pause();
  exchange.client.log(LogLevel::kInfo, "Tool processing data");
  Pause();
  exchange.client.log(LogLevel::kInfo, "Tool execution completed");
  return TextResult("Logged.");
}

json::value WideSchema() {
  return json::value{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"type", "object"},
      {"$defs",
       {{"address",
         {{"$anchor", "addressDef"},
          {"type", "object"},
          {"properties", {{"street", {{"type", "string"}}}, {"city", {{"type", "string"}}}}}}}}},
      {"properties",
       {{"name", {{"type", "string"}}},
        {"address", {{"$ref", "#/$defs/address"}}},
        {"contactMethod", {{"type", "string"}, {"enum", {"phone", "email"}}}},
        {"phone", {{"type", "string"}}},
        {"email", {{"type", "string"}}}}},
      {"allOf",
       json::array{json::object{{"anyOf", json::array{json::object{{"required", {"phone"}}},
                                                      json::object{{"required", {"email"}}}}}}}},
      {"if",
       {{"properties", {{"contactMethod", {{"const", "phone"}}}}},
        {"required", json::array{"contactMethod"}}}},
      {"then", {{"required", json::array{"phone"}}}},
      {"else", {{"required", json::array{"email"}}}},
      {"additionalProperties", false}};
}

}  // namespace

std::vector<ServedTool> ContentTools() {
  const auto text = [](std::string said) {
    return [said](const Exchange&) -> RpcResult { return TextResult(said); };
  };
  const auto blocks = [](json::array content) {
    return [content](const Exchange&) -> RpcResult { return json::object{{"content", content}}; };
  };
  std::vector<ServedTool> tools = {
      FixtureTool("test_simple_text", "Answers with a text.",
                  text("This is a simple text response for testing.")),
      FixtureTool("test_image_content", "Answers with an image.", blocks({ImageBlock()})),
      FixtureTool("test_audio_content", "Answers with a sound.", blocks({AudioBlock()})),
      FixtureTool("test_embedded_resource", "Answers with a resource.",
                  blocks({ResourceBlock("test://embedded-resource", "text/plain",
                                        "This is an embedded resource content.")})),
      FixtureTool("test_multiple_content_types", "Answers with several kinds of content.",
                  blocks({TextBlock("Multiple content types test:"), ImageBlock(),
                          ResourceBlock("test://mixed-content-resource", "application/json",
                                        R"({"test":"data","value":123})")})),
      FixtureTool("test_error_handling", "Always fails.",
                  [](const Exchange&) -> RpcResult {
                    json::object result =
                        TextResult("This tool intentionally returns an error for testing");
                    result.emplace("isError", true);
                    return result;
                  }),
      FixtureTool("test_tool_with_progress", "Reports progress in three steps.", &Progress),
      FixtureTool("test_tool_with_logging", "Logs three lines at level info.", &Logging),
      FixtureTool("test_logging_tool", "Logs three lines at level info.", &Logging),
      FixtureTool("test_x_mcp_header", "Takes an argument that is repeated in a header.",
                  text("Received."),
                  {{"region", {{"type", "string"}, {"x-mcp-header", "Region"}}}}),
      FixtureTool("json_schema_2020_12_tool", "Has a schema with many keywords.",
                  text("Received.")),
  };
  tools.back().input_schema = WideSchema().as_object();
  return tools;
}

}  // namespace halo
