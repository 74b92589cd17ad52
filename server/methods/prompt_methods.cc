// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/nearest.h"
#include "server/icon.h"
#include "server/methods/method.h"
#include "server/paging.h"

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

// The first thing wrong with the arguments, if any.
std::optional<RpcError> CheckArguments(const Prompt& prompt, const json::object& params) {
  const json::value* given = params.if_contains("arguments");
  if (given && !given->is_null() && !given->is_object()) {
    return InvalidParams("\"arguments\" must be an object");
  }
  static const json::object kNone;
  const json::object& arguments = given && given->is_object() ? given->get_object() : kNone;
  std::vector<std::string_view> known;
  for (const Argument& one : prompt.arguments) {
    known.push_back(one.name);
    if (one.required && !arguments.contains(one.name)) {
      return InvalidParams("prompt " + prompt.name + " requires the argument \"" + one.name +
                           "\": " + one.description);
    }
  }
  for (const auto& member : arguments) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      return InvalidParams("prompt " + prompt.name + " has no argument " +
                           QuoteName(EscapeText(member.key())) + SuggestWord(member.key(), known));
    }
    if (!member.value().is_string()) {
      return InvalidParams("arguments of prompts are strings; " +
                           QuoteName(EscapeText(member.key())) + " is none");
    }
  }
  return std::nullopt;
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
  if (auto wrong = CheckArguments(*prompt, request.params)) return *std::move(wrong);
  return prompt->get({request.params, ClientOf(request), request.context});
}

}  // namespace halo
