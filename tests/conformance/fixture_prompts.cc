// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <string>
#include <utility>

#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Message(json::object content) {
  return {{"role", "user"}, {"content", std::move(content)}};
}

json::object PromptOf(json::array messages) { return {{"messages", std::move(messages)}}; }

std::string ArgumentOf(const Exchange& exchange, std::string_view name) {
  const json::value* arguments = exchange.params.if_contains("arguments");
  if (!arguments || !arguments->is_object()) return {};
  const json::value* value = arguments->get_object().if_contains(name);
  return value && value->is_string() ? std::string(std::string_view(value->get_string()))
                                     : std::string();
}

RpcResult Simple(const Exchange&) {
  return PromptOf({Message(TextBlock("This is a simple prompt for testing."))});
}

RpcResult WithArguments(const Exchange& exchange) {
  return PromptOf(
      {Message(TextBlock("Prompt with arguments: arg1='" + ArgumentOf(exchange, "arg1") +
                         "', arg2='" + ArgumentOf(exchange, "arg2") + "'"))});
}

RpcResult WithResource(const Exchange& exchange) {
  return PromptOf({Message(ResourceBlock(ArgumentOf(exchange, "resourceUri"), "text/plain",
                                         "Embedded resource content for testing.")),
                   Message(TextBlock("Please process the embedded resource above."))});
}

RpcResult WithImage(const Exchange&) {
  return PromptOf({Message(ImageBlock()), Message(TextBlock("Please analyze the image above."))});
}

RpcResult Asking(const Exchange& exchange) {
  if (InputResponse(exchange, "user_context")) {
    return PromptOf({Message(TextBlock("Use the context that was given."))});
  }
  return InputRequired({{"user_context", Elicitation("What context should the prompt use?",
                                                     {{"context", {{"type", "string"}}}})}});
}

}  // namespace

std::vector<Prompt> FixturePrompts() {
  const auto words = [](std::string_view, const std::map<std::string, std::string>&) {
    return std::vector<std::string>{"paris", "park", "party"};
  };
  return {
      {"test_simple_prompt", "Simple", "A text.", {}, &Simple},
      {"test_prompt_with_arguments",
       "With arguments",
       "Repeats its arguments.",
       {{"arg1", "First argument", true, words}, {"arg2", "Second argument", true, {}}},
       &WithArguments},
      {"test_prompt_with_embedded_resource",
       "With a resource",
       "A resource and a text.",
       {{"resourceUri", "Of the resource", true, {}}},
       &WithResource},
      {"test_prompt_with_image", "With an image", "An image and a text.", {}, &WithImage},
      {"test_input_required_result_prompt", "Asking", "Asks before it answers.", {}, &Asking},
  };
}

}  // namespace halo
