// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 as MCP uses it: reads and writes messages of any method. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace halo {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kResourceNotFound = -32002;  // up to MCP 2025-11-25; then kInvalidParams
// Since MCP 2026-07-28.
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

struct RpcError {
  int code;
  std::string message;
  boost::json::value data{};  // omitted if null
};

using RpcResult = boost::system::result<boost::json::object, RpcError>;

struct RpcMessage {
  enum class Kind { kRequest, kNotification, kResponse };
  Kind kind;
  boost::json::value id;  // of a request: a string or an integer
  std::string method;
  boost::json::object params;
  RpcResult outcome{};  // of a response
};

// An invalid message, with its id if that could be read, else null.
struct BadMessage {
  boost::json::value id;
  RpcError error;
};

// Maximum nesting. Protocol messages do not come near it, and JSON is read recursively.
inline constexpr std::size_t kMaxDepth = 128;

// Skips a byte order mark and repairs harmless faults (see RepairMessage).
boost::system::result<boost::json::value, RpcError> ParseJson(std::string_view text);
boost::system::result<RpcMessage, BadMessage> ReadMessage(boost::json::value&& value);

// Each returns one line, without a line break.
std::string ResultText(const boost::json::value& id, boost::json::object result);
// `result` is the serialised JSON of an object; the members of `more` are added to it, and must not
// be in it yet.
std::string ResultText(const boost::json::value& id, std::string_view result,
                       const boost::json::object& more);
std::string ErrorText(const boost::json::value& id, const RpcError& error);
std::string RequestText(const boost::json::value& id, std::string_view method,
                        boost::json::object params);
boost::json::object ErrorObject(const RpcError& error);
std::string NotificationText(std::string_view method, boost::json::object params);

RpcError InvalidParams(std::string why);
// The error for a client that did not declare `required`, a ClientCapabilities object.
RpcError MissingCapability(boost::json::object required);

// A client's name for something, for an error message: quoted, or only described if it is long.
std::string QuoteName(std::string_view name);

}  // namespace halo
