// SPDX-License-Identifier: MIT
// The headers that a transport sends along with a message. HTTP repeats parts of a modern message
// in headers, so that proxies need not parse the body; a message whose headers disagree with its
// body is refused (MCP 2026-07-28, basic/transports/streamable-http). Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string_view>

#include "server/protocol/json_rpc.h"

namespace halo {

// Absent if the header was not sent. Views are valid for the call that receives the envelope.
struct Envelope {
  std::optional<std::string_view> version;  // MCP-Protocol-Version
  std::optional<std::string_view> method;   // Mcp-Method
  std::optional<std::string_view> name;     // Mcp-Name
  // The value of Mcp-Param-NAME; the name is case-insensitive.
  std::function<std::optional<std::string_view>(std::string_view name)> param;
};

// The error to answer with; empty if header and message agree.
using HeaderError = std::optional<RpcError>;

HeaderError CheckVersionHeader(const Envelope& envelope, std::string_view version);
HeaderError CheckMethodHeader(const Envelope& envelope, std::string_view method);
// Checks only methods that name one tool, prompt, resource or task.
HeaderError CheckNameHeader(const Envelope& envelope, std::string_view method,
                            const boost::json::object& params);
// Checks each property of a tool's input schema that has "x-mcp-header".
HeaderError CheckParamHeaders(const Envelope& envelope, const boost::json::object& input_schema,
                              const boost::json::value& arguments);

// Decodes a header value, which may be written as "=?base64?...?=". Empty if that is not base64, or
// if a plain value contains anything but printable ASCII and tabs.
std::optional<std::string> DecodeHeaderValue(std::string_view value);

}  // namespace halo
