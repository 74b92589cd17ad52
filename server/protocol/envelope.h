// SPDX-License-Identifier: MIT
// What a transport says around a message about it. HTTP repeats parts of a modern message in
// headers, so that proxies need not read the body; they are believed only where both agree (MCP
// 2026-07-28, basic/transports/streamable-http). Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string_view>

#include "server/protocol/json_rpc.h"

namespace halo {

// Views live as long as the call they are given to. Empty where the header was not sent.
struct Envelope {
  std::optional<std::string_view> version;  // MCP-Protocol-Version
  std::optional<std::string_view> method;   // Mcp-Method
  std::optional<std::string_view> name;     // Mcp-Name
  // Of Mcp-Param-NAME, without regard to case.
  std::function<std::optional<std::string_view>(std::string_view name)> param;
};

// Each is empty where header and message agree, else the error to answer with.
using Disagreement = std::optional<RpcError>;

Disagreement CheckVersionHeader(const Envelope& envelope, std::string_view version);
Disagreement CheckMethodHeader(const Envelope& envelope, std::string_view method);
// Only for methods that are about one thing with a name: a tool, prompt, resource or task.
Disagreement CheckNameHeader(const Envelope& envelope, std::string_view method,
                             const boost::json::object& params);
// For each property of a tool's input schema that is marked with "x-mcp-header".
Disagreement CheckParamHeaders(const Envelope& envelope, const boost::json::object& input_schema,
                               const boost::json::value& arguments);

// The text of a header's value, which may be written as "=?base64?...?=". Empty where that is not
// base64, or where a plain value has other characters than printable ASCII and tabs.
std::optional<std::string> DecodeHeaderValue(std::string_view value);

}  // namespace halo
