// SPDX-License-Identifier: MIT
#include "engine/sources/pull_source.h"

#include <xxhash.h>

#include <cstdio>
#include <utility>

namespace halo {
namespace {

std::string HashText(std::string_view text) {
  char out[17];
  std::snprintf(out, sizeof out, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return out;
}

void AddFilter(std::string& key, std::string_view name, const std::string& value) {
  if (!value.empty()) key.append(" ").append(name).append("=").append(UrlEncoded(value));
}

}  // namespace

Result<std::string> PullKey(const ServiceConnection& connection, const std::string& url,
                            const Credentials& credentials) {
  const Result<WebAddress> address = ParseWebAddress(url);
  if (!address) return address.error();
  std::string key = std::string(ServiceName(connection.service)) + ":" + address->base;
  if (!credentials.user.empty()) key += "#" + HashText(credentials.user);
  if (connection.service == Service::kPhoenix) {
    AddFilter(key, "project", connection.source_project);
    return key;
  }
  for (const std::string& each : connection.environments) AddFilter(key, "environment", each);
  for (const std::string& each : connection.tags) AddFilter(key, "tag", each);
  AddFilter(key, "user", connection.user);
  AddFilter(key, "session", connection.session);
  AddFilter(key, "name", connection.trace_name);
  AddFilter(key, "version", connection.version);
  return key;
}

Result<std::unique_ptr<PullSource>> OpenPullSource(const ServiceConnection& connection,
                                                   const std::string& url,
                                                   const Credentials& credentials,
                                                   const PullWindow& window, const WebPace& pace) {
  Result<WebAddress> address = ParseWebAddress(url);
  if (!address) return address.error();
  auto client = std::make_unique<WebClient>(std::move(*address), credentials, pace);
  return connection.service == Service::kLangfuse
             ? OpenLangfuse(connection, std::move(client), window)
             : OpenPhoenix(connection, std::move(client), window);
}

}  // namespace halo
