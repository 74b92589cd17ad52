// SPDX-License-Identifier: MIT
#include "server/protocol/json_rpc.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>
#include <cmath>
#include <cstdint>
#include <utility>

#include "schemas/escape.h"
#include "schemas/json_text.h"
#include "server/protocol/message_text.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxQuoted = 80;

bool IsId(const json::value& value) {
  return value.is_string() || value.is_int64() || value.is_uint64();
}

// Some languages have no integers and send 7.0.
void MakeInteger(json::value& value) {
  constexpr double kExact = 9007199254740992;  // 2^53
  const double* number = value.if_double();
  if (!number || std::trunc(*number) != *number || std::fabs(*number) > kExact) return;
  value = static_cast<std::int64_t>(*number);
}

RpcError NotJson(std::string_view text, const std::string& why) {
  // The stream parser reports where the syntax error is; json::parse does not.
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::stream_parser parser({}, options);
  boost::system::error_code error;
  const std::size_t at = parser.write_some(text.data(), text.size(), error);
  if (!error && at == text.size()) {
    return {kParseError, "Parse error: the JSON of the message is incomplete"};
  }
  return {kParseError, "Parse error: the message is not JSON (" + why + " after byte " +
                           std::to_string(std::min(at, text.size())) + " of " +
                           std::to_string(text.size()) + ")"};
}

// The outcome of a response. One with neither a result nor an error counts as an error.
RpcResult OutcomeOf(json::object& response) {
  if (json::value* result = response.if_contains("result"); result && result->is_object()) {
    return std::move(result->get_object());
  }
  const json::value* error = response.if_contains("error");
  const json::value* message =
      error && error->is_object() ? error->get_object().if_contains("message") : nullptr;
  return RpcError{kInternalError, "The client answered with an error: " +
                                      (message && message->is_string()
                                           ? EscapeText(std::string_view(message->get_string()))
                                           : std::string("no message given"))};
}

}  // namespace

boost::system::result<json::value, RpcError> ParseJson(std::string_view text) {
  text = SkipByteOrderMark(text);
  if (LooksLikeUtf16(text)) {
    return RpcError{kParseError,
                    "Parse error: the message is encoded in UTF-16; send UTF-8 (in PowerShell: "
                    "$OutputEncoding = [Text.UTF8Encoding]::new($false))"};
  }
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (!error) return value;
  std::string repaired;
  if (error != json::error::too_deep) repaired = RepairMessage(text);
  if (!repaired.empty() && repaired != text) {
    error.clear();
    value = json::parse(repaired, error, {}, options);
    if (!error) return value;
    text = repaired;
  }
  if (error == json::error::too_deep) {
    return RpcError{kInvalidRequest, "Invalid request: JSON nested deeper than " +
                                         std::to_string(kMaxDepth) + " levels"};
  }
  return NotJson(text, error.message());
}

boost::system::result<RpcMessage, BadMessage> ReadMessage(json::value&& value) {
  const auto bad = [](json::value id, std::string_view why) {
    return BadMessage{std::move(id), {kInvalidRequest, "Invalid request: " + std::string(why)}};
  };
  json::object* object = value.if_object();
  if (!object) return bad(nullptr, "a message must be a JSON object");
  json::value* id = object->if_contains("id");
  if (id) MakeInteger(*id);
  const json::value reply_id = id && (IsId(*id) || id->is_double()) ? *id : json::value(nullptr);
  const json::value* version = object->if_contains("jsonrpc");
  if (!version || *version != "2.0") return bad(reply_id, "\"jsonrpc\" must be \"2.0\"");
  const json::value* method = object->if_contains("method");
  if (!method && (object->contains("result") || object->contains("error"))) {
    return RpcMessage{RpcMessage::Kind::kResponse, reply_id, {}, {}, OutcomeOf(*object)};
  }
  if (!method || !method->is_string()) return bad(reply_id, "\"method\" must be a string");
  if (id && !IsId(*id)) return bad(reply_id, "\"id\" must be a string or an integer");

  RpcMessage message{id ? RpcMessage::Kind::kRequest : RpcMessage::Kind::kNotification,
                     reply_id,
                     std::string(method->get_string()),
                     {},
                     {}};
  if (json::value* params = object->if_contains("params"); params && !params->is_null()) {
    if (!params->is_object()) {
      return BadMessage{reply_id, {kInvalidParams, "Invalid params: \"params\" must be an object"}};
    }
    message.params = std::move(params->get_object());
  }
  return message;
}

std::string ResultText(const json::value& id, json::object result) {
  return Serialise(json::object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

std::string ResultText(const json::value& id, std::string_view result, const json::object& more) {
  const std::string head = "{\"jsonrpc\":\"2.0\",\"id\":" + Serialise(id) + ",\"result\":";
  std::string text;
  text.reserve(head.size() + result.size() + 256);
  text.append(head).append(result);
  if (!more.empty()) {
    text.back() = result == "{}" ? ' ' : ',';
    text.append(Serialise(more), 1);
  }
  return text.append("}");
}

std::string ErrorText(const json::value& id, const RpcError& error) {
  return Serialise(json::object{{"jsonrpc", "2.0"}, {"id", id}, {"error", ErrorObject(error)}});
}

json::object ErrorObject(const RpcError& error) {
  json::object body{{"code", error.code}, {"message", error.message}};
  if (!error.data.is_null()) body.emplace("data", error.data);
  return body;
}

std::string RequestText(const json::value& id, std::string_view method, json::object params) {
  return Serialise(json::object{
      {"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
}

std::string NotificationText(std::string_view method, json::object params) {
  return Serialise(
      json::object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

RpcError InvalidParams(std::string why) {
  return {kInvalidParams, "Invalid params: " + std::move(why)};
}

RpcError MissingCapability(json::object required) {
  std::string text = Serialise(required);
  return {kMissingCapability,
          "Missing required client capability: the request must declare " + std::move(text),
          {{"requiredCapabilities", std::move(required)}}};
}

std::string QuoteName(std::string_view name) {
  if (name.size() > kMaxQuoted) return "(a name of " + std::to_string(name.size()) + " bytes)";
  return '"' + std::string(name) + '"';
}

}  // namespace halo
