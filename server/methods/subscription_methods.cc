// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <utility>

#include "server/methods/method.h"
#include "server/protocol/meta.h"

namespace halo {
namespace {

namespace json = boost::json;

RpcError TooMany() {
  return InvalidParams("too many subscriptions; the limit is " +
                       std::to_string(Subscriptions::kMaxUris) + " resources per client");
}

bool Wants(const json::object& wanted, std::string_view kind) {
  const json::value* value = wanted.if_contains(kind);
  return value && value->is_bool() && value->get_bool();
}

boost::system::result<Subscriptions::Filter, RpcError> ReadFilter(const json::object& wanted) {
  Subscriptions::Filter filter;
  filter.list_changed = Wants(wanted, "resourcesListChanged");
  const json::value* uris = wanted.if_contains("resourceSubscriptions");
  if (!uris) return filter;
  if (!uris->is_array()) {
    return InvalidParams("\"notifications.resourceSubscriptions\" must be an array of strings");
  }
  for (const json::value& uri : uris->get_array()) {
    if (!uri.is_string()) {
      return InvalidParams("\"notifications.resourceSubscriptions\" must be an array of strings");
    }
    filter.uris.emplace(std::string_view(uri.get_string()));
  }
  if (filter.uris.size() > Subscriptions::kMaxUris) return TooMany();
  return filter;
}

// The part of the request that will be served; nothing else here ever changes.
json::object Agreed(const Subscriptions::Filter& filter) {
  json::object agreed;
  if (filter.list_changed) agreed.emplace("resourcesListChanged", true);
  if (!filter.uris.empty()) {
    agreed.emplace("resourceSubscriptions", json::array(filter.uris.begin(), filter.uris.end()));
  }
  return agreed;
}

}  // namespace

RpcResult Listen(ServerCore& server, Request& request) {
  const json::value* wanted = request.params.if_contains("notifications");
  if (!wanted || !wanted->is_object()) return InvalidParams("\"notifications\" must be an object");
  if (wanted->get_object().contains("taskIds") &&
      !ClientOf(request).HasExtension(kTasksExtension)) {
    return MissingCapability({{"extensions", {{kTasksExtension, json::object{}}}}});
  }
  auto filter = ReadFilter(wanted->get_object());
  if (!filter) return filter.error();
  filter->log_level = WantedLevel(request);

  const json::object meta{{kSubscriptionIdKey, request.id}};
  request.call->Notify(NotificationText("notifications/subscriptions/acknowledged",
                                        {{"_meta", meta}, {"notifications", Agreed(*filter)}}));
  request.open = true;
  json::object final_meta = meta;
  final_meta.emplace(kServerInfoKey, Implementation(server.catalogue.info, request.revision));
  server.subscriptions.Listen(
      request.call, meta, std::move(*filter),
      [connection = request.connection, call = request.call, id = request.id,
       meta = std::move(final_meta)] {
        Close(connection, call, id, {{"resultType", "complete"}, {"_meta", meta}});
      });
  return json::object{};
}

RpcResult SubscribeResource(ServerCore& server, Request& request) {
  const auto uri = StringParam(request, "uri");
  if (!uri) return uri.error();
  // Without a channel, updates cannot be sent, and `initialize` did not offer them.
  if (request.connection->has_channel() &&
      !server.subscriptions.Subscribe(request.connection, *uri)) {
    return TooMany();
  }
  return json::object{};
}

RpcResult UnsubscribeResource(ServerCore& server, Request& request) {
  const auto uri = StringParam(request, "uri");
  if (!uri) return uri.error();
  server.subscriptions.Unsubscribe(request.connection, *uri);
  return json::object{};
}

}  // namespace halo
