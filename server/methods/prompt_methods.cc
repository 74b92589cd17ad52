// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/escape.h"
#include "schemas/nearest.h"
#include "server/methods/method.h"
#include "server/protocol/icon.h"
#include "server/protocol/paging.h"
#include "tools/answer/arguments.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Listed(const Prompt& prompt, const ServerInfo& info, Revision revision) {
  json::object out{{"name", prompt.name}};
  if (revision >= Revision::k2025_06_18) out.emplace("title", prompt.title);
  out.emplace("description", prompt.description);
  json::array arguments;
  for (const Argument& one : prompt.arguments) {
    json::object argument{{"name", one.name}, {"description", one.description}};
    if (one.required) argument.emplace("required", true);
    arguments.push_back(std::move(argument));
  }
  if (!arguments.empty()) out.emplace("arguments", std::move(arguments));
  if (revision >= Revision::k2025_11_25 && !info.icon.empty()) {
    out.emplace("icons", Icons(info.icon));
  }
  return out;
}

// The arguments of a prompt as the schema of a tool would say it.
json::object SchemaOf(const Prompt& prompt) {
  json::object properties;
  for (const Argument& one : prompt.arguments) {
    properties.emplace(one.name, json::object{{"type", "string"}});
  }
  return {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

// The first thing wrong with the arguments, if any.
std::optional<RpcError> CheckArguments(const Prompt& prompt, const json::value& given) {
  const json::object* arguments = given.if_object();
  if (!arguments) return InvalidParams("\"arguments\" must be an object");
  for (const Argument& one : prompt.arguments) {
    if (one.required && !arguments->contains(one.name)) {
      return InvalidParams("prompt " + prompt.name + " requires the argument \"" + one.name +
                           "\": " + one.description);
    }
  }
  for (const auto& member : *arguments) {
    if (!member.value().is_string()) {
      return InvalidParams("arguments of prompts are strings; " +
                           QuoteName(EscapeText(member.key())) + " is none");
    }
  }
  return std::nullopt;
}

// Clients send null for what was left out.
void DropNulls(json::value& given) {
  json::object* arguments = given.if_object();
  if (!arguments) return;
  json::object kept;
  for (auto& member : *arguments) {
    if (!member.value().is_null()) kept.emplace(member.key(), std::move(member.value()));
  }
  *arguments = std::move(kept);
}

// At the end of the prompt's last text.
void AddNote(json::object& result, std::string_view note) {
  json::value* messages = result.if_contains("messages");
  if (note.empty() || !messages || !messages->is_array() || messages->get_array().empty()) return;
  boost::system::error_code error;
  json::value* text = messages->get_array().back().find_pointer("/content/text", error);
  if (text && text->is_string()) text->get_string().append("\n").append(note).append("\n");
}

}  // namespace

RpcResult ListPrompts(ServerCore& server, Request& request) {
  const std::vector<Prompt>& all = server.catalogue.prompts;
  const auto page = PageOf(request.params, "prompts/list", all.size());
  if (!page) return page.error();
  json::array listed;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    listed.push_back(Listed(all[i], server.catalogue.info, request.revision));
  }
  json::object result{{"prompts", std::move(listed)}};
  if (!page->next_cursor.empty()) result.emplace("nextCursor", page->next_cursor);
  return Cacheable(std::move(result), request.revision, kStaticTtlMs, CacheScope::kPublic);
}

RpcResult GetPrompt(ServerCore& server, Request& request) {
  const auto name = StringParam(request, "name");
  if (!name) return name.error();
  const Prompt* prompt = server.catalogue.FindPrompt(*name);
  if (!prompt) {
    std::vector<std::string_view> names;
    for (const Prompt& known : server.catalogue.prompts) names.push_back(known.name);
    return InvalidParams("unknown prompt " + QuoteName(EscapeText(*name)) +
                         SuggestWord(*name, names));
  }
  const json::value* given = request.params.if_contains("arguments");
  FittedArguments fitted =
      FitArguments(given ? *given : json::value(), SchemaOf(*prompt), "The prompt " + prompt->name);
  DropNulls(fitted.value);
  if (auto wrong = CheckArguments(*prompt, fitted.value)) {
    if (!fitted.note.empty()) wrong->message.append(". ").append(fitted.note);
    return *std::move(wrong);
  }
  request.params["arguments"] = std::move(fitted.value);
  RpcResult result = prompt->get({request.params, ClientOf(request), request.context});
  if (result) AddNote(*result, fitted.note);
  return result;
}

}  // namespace halo
