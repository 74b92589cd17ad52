// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <optional>
#include <utility>

#include "schemas/escape.h"
#include "schemas/json_text.h"
#include "server/methods/method.h"
#include "server/protocol/completion.h"

namespace halo {
namespace {

namespace json = boost::json;

// A text; a number or a boolean is one, too.
std::string TextOf(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value || value->is_null() || value->is_structured()) return {};
  return value->is_string() ? std::string(std::string_view(value->get_string()))
                            : Serialise(*value);
}

// An object, itself or as JSON text.
std::optional<json::object> ObjectOf(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value) return std::nullopt;
  if (value->is_object()) return value->get_object();
  if (!value->is_string()) return std::nullopt;
  boost::system::error_code error;
  json::value parsed = json::parse(value->get_string(), error);
  if (error || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

// The argument that is meant; null where nothing of that name is known.
const Argument* FindArgument(const Catalogue& offered, const json::object& ref,
                             std::string_view name) {
  const std::vector<Argument>* arguments = nullptr;
  if (TextOf(ref, "type") == "ref/prompt") {
    const Prompt* prompt = offered.FindPrompt(TextOf(ref, "name"));
    if (prompt) arguments = &prompt->arguments;
  } else {
    for (const ResourceTemplate& one : offered.resources.templates) {
      if (one.uri_template == TextOf(ref, "uri")) arguments = &one.arguments;
    }
  }
  if (!arguments) return nullptr;
  const auto found = std::find_if(arguments->begin(), arguments->end(),
                                  [&](const Argument& one) { return one.name == name; });
  return found == arguments->end() ? nullptr : &*found;
}

std::map<std::string, std::string> OtherArguments(const json::object& params) {
  std::map<std::string, std::string> others;
  const auto context = ObjectOf(params, "context");
  const auto given = context ? ObjectOf(*context, "arguments") : std::nullopt;
  if (!given) return others;
  for (const auto& member : *given) {
    std::string text = TextOf(*given, member.key());
    if (!text.empty()) others.emplace(std::string_view(member.key()), std::move(text));
  }
  return others;
}

}  // namespace

// Nothing is known of an unknown prompt or argument, and that is no error: clients ask while their
// user types.
RpcResult CompleteArgument(ServerCore& server, Request& request) {
  const auto ref = ObjectOf(request.params, "ref");
  const std::string type = ref ? TextOf(*ref, "type") : std::string();
  if (type != "ref/prompt" && type != "ref/resource") {
    return InvalidParams("\"ref.type\" must be \"ref/prompt\" or \"ref/resource\"");
  }
  const auto argument = ObjectOf(request.params, "argument");
  if (!argument || !argument->contains("name") || !argument->contains("value")) {
    return InvalidParams("\"argument\" must be an object with \"name\" and \"value\"");
  }
  const std::string typed = TextOf(*argument, "value");
  const Argument* known = FindArgument(server.catalogue, *ref, TextOf(*argument, "name"));
  Completion completion;
  if (known && known->candidates) {
    completion = Complete(typed, known->candidates(typed, OtherArguments(request.params)));
  }
  json::array values;
  for (const std::string& value : completion.values) values.emplace_back(EscapeText(value));
  return json::object{{"completion",
                       {{"values", std::move(values)},
                        {"total", completion.total},
                        {"hasMore", completion.total > completion.values.size()}}}};
}

}  // namespace halo
