// SPDX-License-Identifier: MIT
// initialize, ping, server/discover and logging/setLevel.
#include <boost/json/array.hpp>
#include <optional>

#include "server/methods/method.h"

namespace halo {
namespace {

namespace json = boost::json;

// Declares only what is served. The lists of tools and prompts do not change while the program
// runs.
json::object Capabilities(const Catalogue& offered, Revision revision, bool notifies) {
  json::object out{{"tools", json::object{}}};
  if (offered.resources.list) {
    json::object resources;
    if (notifies) resources = {{"subscribe", true}, {"listChanged", true}};
    out.emplace("resources", std::move(resources));
  }
  if (!offered.prompts.empty()) out.emplace("prompts", json::object{});
  if (revision >= Revision::k2025_03_26 &&
      (!offered.prompts.empty() || !offered.resources.templates.empty())) {
    out.emplace("completions", json::object{});
  }
  if (!IsModern(revision)) out.emplace("logging", json::object{});
  if (IsModern(revision) && offered.HasTasks()) {
    out.emplace("extensions", json::object{{kTasksExtension, json::object{}}});
  }
  return out;
}

}  // namespace

RpcResult Initialize(ServerCore& server, Request& request) {
  const json::value* asked = request.params.if_contains("protocolVersion");
  if (!asked || !asked->is_string()) return InvalidParams("\"protocolVersion\" must be a string");
  const std::optional<Revision> known = RevisionNamed(asked->get_string());
  const Revision revision = known && !IsModern(*known) ? *known : kLatestLegacy;
  const json::value* capabilities = request.params.if_contains("capabilities");
  request.connection->Open(revision, capabilities && capabilities->is_object()
                                         ? capabilities->get_object()
                                         : json::object{});
  // Changes can only be reported if there is a channel outside of calls.
  const bool notifies = server.catalogue.resources.sequence && request.connection->has_channel();
  if (notifies) server.subscriptions.Follow(request.connection);
  const ServerInfo& info = server.catalogue.info;
  return json::object{{"protocolVersion", NameOf(revision)},
                      {"capabilities", Capabilities(server.catalogue, revision, notifies)},
                      {"serverInfo", Implementation(info, revision)},
                      {"instructions", info.instructions}};
}

RpcResult Ping(ServerCore&, Request&) { return json::object{}; }

RpcResult Discover(ServerCore& server, Request& request) {
  const bool notifies = static_cast<bool>(server.catalogue.resources.sequence);
  return Cacheable({{"supportedVersions", {NameOf(kLatest)}},
                    {"capabilities", Capabilities(server.catalogue, request.revision, notifies)},
                    {"instructions", server.catalogue.info.instructions}},
                   request.revision, kStaticTtlMs, CacheScope::kPublic);
}

RpcResult SetLogLevel(ServerCore&, Request& request) {
  const auto name = StringParam(request, "level");
  if (!name) return name.error();
  const std::optional<LogLevel> level = LogLevelNamed(*name);
  if (!level) {
    std::string known;
    for (const auto& one : Names(LogLevel{}))
      known.append(known.empty() ? "" : ", ").append(one.text);
    return InvalidParams("unknown log level " + QuoteName(*name) + "; known: " + known);
  }
  request.connection->SetLogLevel(*level);
  return json::object{};
}

}  // namespace halo
