// SPDX-License-Identifier: MIT
// The keys of `_meta` that MCP defines. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

namespace halo {

inline constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";
inline constexpr std::string_view kSubscriptionIdKey = "io.modelcontextprotocol/subscriptionId";

// The `_meta` object; null if there is none.
inline const boost::json::object* MetaOf(const boost::json::object& params) {
  const boost::json::value* meta = params.if_contains("_meta");
  return meta ? meta->if_object() : nullptr;
}

}  // namespace halo
