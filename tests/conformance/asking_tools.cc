// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <string>
#include <utility>

#include "schemas/json_text.h"
#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string TextArgument(const Exchange& exchange, std::string_view name) {
  const json::value* arguments = exchange.params.if_contains("arguments");
  if (!arguments || !arguments->is_object()) return {};
  const json::value* value = arguments->get_object().if_contains(name);
  return value && value->is_string() ? std::string(std::string_view(value->get_string()))
                                     : std::string();
}

// Asks the client, and returns the answer as `prefix` and JSON.
RpcResult AskAndTell(const Exchange& exchange, std::string_view capability, json::object question,
                     std::string_view prefix) {
  if (!exchange.client.Can(capability)) {
    json::object result =
        TextResult("The client does not support " + std::string(capability) + ".");
    result.emplace("isError", true);
    return result;
  }
  const RpcResult answer =
      exchange.client.ask(std::string_view(question.at("method").as_string()),
                          std::move(question.at("params").as_object()), exchange.context.stop);
  if (!answer) return answer.error();
  return TextResult(std::string(prefix) + Serialise(*answer));
}

RpcResult Sample(const Exchange& exchange) {
  return AskAndTell(exchange, "sampling", Sampling(TextArgument(exchange, "prompt"), 100),
                    "LLM response: ");
}

RpcResult Elicit(const Exchange& exchange) {
  return AskAndTell(
      exchange, "elicitation",
      Elicitation(TextArgument(exchange, "message"),
                  {{"username", {{"type", "string"}, {"description", "User's response"}}},
                   {"email", {{"type", "string"}, {"description", "User's email address"}}}}),
      "User response: ");
}

RpcResult ElicitDefaults(const Exchange& exchange) {
  return AskAndTell(exchange, "elicitation",
                    Elicitation("Please check these values",
                                {{"name", {{"type", "string"}, {"default", "John Doe"}}},
                                 {"age", {{"type", "integer"}, {"default", 30}}},
                                 {"score", {{"type", "number"}, {"default", 95.5}}},
                                 {"status",
                                  {{"type", "string"},
                                   {"enum", {"active", "inactive", "pending"}},
                                   {"default", "active"}}},
                                 {"verified", {{"type", "boolean"}, {"default", true}}}}),
                    "Elicitation completed: ");
}

json::array Titled(std::string_view first, std::string_view second) {
  return {json::object{{"const", "value1"}, {"title", first}},
          json::object{{"const", "value2"}, {"title", second}}};
}

RpcResult ElicitEnums(const Exchange& exchange) {
  const json::array options = {"option1", "option2", "option3"};
  return AskAndTell(
      exchange, "elicitation",
      Elicitation(
          "Please choose",
          {{"untitledSingle", {{"type", "string"}, {"enum", options}}},
           {"titledSingle",
            {{"type", "string"}, {"oneOf", Titled("First Option", "Second Option")}}},
           {"legacyEnum",
            {{"type", "string"},
             {"enum", {"opt1", "opt2", "opt3"}},
             {"enumNames", {"Option One", "Option Two", "Option Three"}}}},
           {"untitledMulti",
            {{"type", "array"}, {"items", {{"type", "string"}, {"enum", options}}}}},
           {"titledMulti",
            {{"type", "array"}, {"items", {{"anyOf", Titled("First Choice", "Second Choice")}}}}}}),
      "Elicitation completed: ");
}

}  // namespace

std::vector<ServedTool> AskingTools() {
  return {
      FixtureTool("test_sampling", "Asks the client's model.", &Sample,
                  {{"prompt", {{"type", "string"}}}}),
      FixtureTool("test_elicitation", "Asks the user for a name.", &Elicit,
                  {{"message", {{"type", "string"}}}}),
      FixtureTool("test_elicitation_sep1034_defaults", "Asks the user, with defaults.",
                  &ElicitDefaults),
      FixtureTool("test_elicitation_sep1330_enums", "Asks the user to choose.", &ElicitEnums),
  };
}

}  // namespace halo
