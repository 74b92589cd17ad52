// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 as MCP uses it: reads and writes messages, knows no method. Pure; any thread.
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
// Of MCP 2026-07-28.
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

struct RpcError {
  int code;
  std::string message;
  boost::json::value data{};  // left out where null
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

// What is not a message, with its id as far as that could be read (else null).
struct BadMessage {
  boost::json::value id;
  RpcError error;
};

// Deeper JSON is refused: no message of the protocol comes near it, and it is read recursively.
inline constexpr std::size_t kMaxDepth = 128;

// Repairs what harms nobody (RepairMessage), and lets a byte order mark pass.
boost::system::result<boost::json::value, RpcError> ParseJson(std::string_view text);
boost::system::result<RpcMessage, BadMessage> ReadMessage(boost::json::value&& value);

// Each is one line of text without a line break.
std::string ResultText(const boost::json::value& id, boost::json::object result);
// Of a result that is text already, an object with any members but those in `more`.
std::string ResultText(const boost::json::value& id, std::string_view result,
                       const boost::json::object& more);
std::string ErrorText(const boost::json::value& id, const RpcError& error);
std::string RequestText(const boost::json::value& id, std::string_view method,
                        boost::json::object params);
boost::json::object ErrorObject(const RpcError& error);
std::string NotificationText(std::string_view method, boost::json::object params);

RpcError InvalidParams(std::string why);
// The client must declare `required`, a ClientCapabilities object, for this.
RpcError MissingCapability(boost::json::object required);

// A name that a client sent, for an error message: quoted, or described where it is long.
std::string QuoteName(std::string_view name);

}  // namespace halo
