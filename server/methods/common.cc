// SPDX-License-Identifier: MIT
#include <utility>

#include "server/methods/method.h"
#include "server/protocol/icon.h"
#include "server/protocol/meta.h"

namespace halo {

namespace json = boost::json;

boost::system::result<std::string, RpcError> StringParam(const Request& request,
                                                         std::string_view name) {
  const json::value* given = request.params.if_contains(name);
  if (!given || !given->is_string()) {
    return InvalidParams('"' + std::string(name) + "\" must be a string");
  }
  return std::string(std::string_view(given->get_string()));
}

json::object Cacheable(json::object result, Revision revision, int ttl_ms, CacheScope scope) {
  if (IsModern(revision)) {
    result.emplace("ttlMs", ttl_ms);
    result.emplace("cacheScope", scope == CacheScope::kPublic ? "public" : "private");
  }
  return result;
}

json::object CapabilitiesOf(const Request& request) {
  if (!IsModern(request.revision)) return request.connection->capabilities();
  const json::object* meta = MetaOf(request.params);
  const json::value* declared = meta ? meta->if_contains(kCapabilitiesKey) : nullptr;
  return declared && declared->is_object() ? declared->get_object() : json::object{};
}

std::optional<LogLevel> WantedLevel(const Request& request) {
  if (!IsModern(request.revision)) return request.connection->log_level();
  const json::object* meta = MetaOf(request.params);
  const json::value* level = meta ? meta->if_contains(kLogLevelKey) : nullptr;
  return level && level->is_string() ? LogLevelNamed(level->get_string()) : std::nullopt;
}

Client ClientOf(const Request& request) {
  Client client{request.revision, CapabilitiesOf(request), {}, {}};
  client.log = [call = request.call, wanted = WantedLevel(request)](LogLevel level,
                                                                    json::value data) {
    if (!call || !wanted || level < *wanted) return;
    call->Notify(NotificationText(kLogMessage, LogParams(level, std::move(data))));
  };
  if (IsModern(request.revision)) {
    client.ask = [](std::string_view, json::object, std::stop_token) -> RpcResult {
      return RpcError{kInternalError, "Clients of this revision cannot be sent requests"};
    };
  } else {
    client.ask = [connection = request.connection, call = request.call](
                     std::string_view method, json::object params, std::stop_token stop) {
      return connection->Ask(*call, method, std::move(params), std::move(stop));
    };
  }
  return client;
}

json::object Implementation(const ServerInfo& info, Revision revision) {
  json::object out{{"name", info.name}};
  if (revision >= Revision::k2025_06_18) out.emplace("title", info.title);
  out.emplace("version", info.version);
  if (revision >= Revision::k2025_11_25 && !info.icon.empty()) {
    out.emplace("icons", Icons(info.icon));
  }
  return out;
}

void Close(const std::shared_ptr<Connection>& connection, const std::shared_ptr<Call>& call,
           const json::value& id, json::object result) {
  connection->End(id);
  call->Answer({ReplyKind::kAnswer, ResultText(id, std::move(result))});
}

}  // namespace halo
