// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "schemas/json_text.h"
#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object AskName() {
  return Elicitation("What is your name?", {{"name", {{"type", "string"}}}});
}

json::object AskRoots() { return {{"method", "roots/list"}, {"params", json::object{}}}; }

// A field of the form that the user filled in; empty if it was declined or has no such field.
std::string Filled(const json::object* response, std::string_view field) {
  const json::value* content = response ? response->if_contains("content") : nullptr;
  const json::value* value =
      content && content->is_object() ? content->get_object().if_contains(field) : nullptr;
  return value && value->is_string() ? std::string(std::string_view(value->get_string()))
                                     : std::string();
}

// The requests that the client declared it can answer.
json::object Answerable(const Exchange& exchange, json::object requests) {
  json::object out;
  for (const auto& request : requests) {
    const std::string_view method = request.value().at("method").as_string();
    const std::string_view capability =
        method == "roots/list" ? "roots" : method.substr(0, method.find('/'));
    if (exchange.client.Can(capability)) out.emplace(request.key(), request.value());
  }
  return out;
}

// Asks one question and returns the answer.
Handler AskOnce(std::string key, json::object question) {
  return [key, question](const Exchange& exchange) -> RpcResult {
    if (const json::object* response = InputResponse(exchange, key)) {
      return TextResult("Received: " + Serialise(*response));
    }
    return InputRequired({{key, question}});
  };
}

// The state that the client returned; nullopt if it returned none, an error if the state was
// changed.
boost::system::result<std::optional<std::string>, RpcError> BroughtState(const Exchange& exchange,
                                                                         const StateSealer& seal) {
  const json::value* given = exchange.params.if_contains("requestState");
  if (!given) return std::optional<std::string>();
  const json::string* text = given->if_string();
  std::optional<std::string> state = text ? seal.Open(*text) : std::nullopt;
  if (!state) return InvalidParams("\"requestState\" is not as it was given");
  return state;
}

// Asks for a confirmation, with state that must come back unchanged.
Handler Confirm(std::shared_ptr<const StateSealer> seal) {
  return [seal](const Exchange& exchange) -> RpcResult {
    const auto state = BroughtState(exchange, *seal);
    if (!state) return state.error();
    if (*state == "confirm" && InputResponse(exchange, "confirm")) return TextResult("state-ok");
    return InputRequired(
        {{"confirm", Elicitation("Please confirm", {{"ok", {{"type", "boolean"}}}})}},
        seal->Seal("confirm"));
  };
}

Handler SeveralInputs(std::shared_ptr<const StateSealer> seal) {
  return [seal](const Exchange& exchange) -> RpcResult {
    const auto state = BroughtState(exchange, *seal);
    if (!state) return state.error();
    json::object missing;
    const auto ask = [&](std::string_view key, json::object question) {
      if (!InputResponse(exchange, key)) missing.emplace(key, std::move(question));
    };
    ask("user_name", AskName());
    ask("greeting", Sampling("Generate a greeting", 50));
    ask("client_roots", AskRoots());
    if (missing.empty()) return TextResult("All inputs received.");
    return InputRequired(Answerable(exchange, std::move(missing)), seal->Seal("several"));
  };
}

// Two rounds; the name of the first is in the state of the second.
Handler TwoRounds(std::shared_ptr<const StateSealer> seal) {
  return [seal](const Exchange& exchange) -> RpcResult {
    const auto state = BroughtState(exchange, *seal);
    if (!state) return state.error();
    const json::object* color = InputResponse(exchange, "step2");
    if (*state && (*state)->starts_with("name:") && color) {
      return TextResult((*state)->substr(5) + " likes " + Filled(color, "color") + ".");
    }
    if (const json::object* name = InputResponse(exchange, "step1"); name && *state == "begun") {
      return InputRequired({{"step2", Elicitation("Step 2: What is your favorite color?",
                                                  {{"color", {{"type", "string"}}}})}},
                           seal->Seal("name:" + Filled(name, "name")));
    }
    return InputRequired(
        {{"step1", Elicitation("Step 1: What is your name?", {{"name", {{"type", "string"}}}})}},
        seal->Seal("begun"));
  };
}

RpcResult Greet(const Exchange& exchange) {
  const std::string name = Filled(InputResponse(exchange, "user_name"), "name");
  if (!name.empty()) return TextResult("Hello, " + name + "!");
  return InputRequired({{"user_name", AskName()}});
}

RpcResult AskWhatItCan(const Exchange& exchange) {
  return InputRequired(Answerable(
      exchange, {{"user_name", AskName()}, {"greeting", Sampling("Generate a greeting", 50)}}));
}

RpcResult NeedSampling(const Exchange& exchange) {
  if (!exchange.client.Can("sampling")) return MissingCapability({{"sampling", json::object{}}});
  return TextResult("The client can sample.");
}

}  // namespace

std::vector<ServedTool> RoundTools() {
  const auto seal = std::make_shared<const StateSealer>();
  return {
      FixtureTool("test_missing_capability", "Works only for clients that sample.", &NeedSampling),
      FixtureTool("test_streaming_elicitation", "Asks for a name.", &Greet),
      FixtureTool("test_input_required_result_elicitation", "Asks for a name.", &Greet),
      FixtureTool("test_input_required_result_sampling", "Asks the client's model.",
                  AskOnce("capital_question", Sampling("What is the capital of France?", 100))),
      FixtureTool("test_input_required_result_list_roots", "Asks for the roots.",
                  AskOnce("client_roots", AskRoots())),
      FixtureTool("test_input_required_result_request_state", "Asks, and keeps state.",
                  Confirm(seal)),
      FixtureTool("test_input_required_result_tampered_state", "Asks, and checks its state.",
                  Confirm(seal)),
      FixtureTool("test_input_required_result_multiple_inputs", "Asks three things at once.",
                  SeveralInputs(seal)),
      FixtureTool("test_input_required_result_multi_round", "Asks twice.", TwoRounds(seal)),
      FixtureTool("test_input_required_result_capabilities", "Asks what the client can answer.",
                  &AskWhatItCan),
  };
}

}  // namespace halo
