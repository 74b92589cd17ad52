// SPDX-License-Identifier: MIT
#include "server/protocol/envelope.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <charconv>
#include <string>
#include <utility>

#include "schemas/escape.h"
#include "server/protocol/base64.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::string_view kEncodedBegin = "=?base64?", kEncodedEnd = "?=";

RpcError Mismatch(std::string fault) {
  return {kHeaderMismatch, "Header mismatch: " + std::move(fault)};
}

RpcError Missing(std::string_view header, std::string_view source) {
  return Mismatch(std::string(header) + " is missing; it must repeat " + std::string(source));
}

RpcError Differs(std::string_view header, std::string_view value, std::string_view source,
                 std::string_view wanted) {
  return Mismatch(std::string(header) + " is " + QuoteName(EscapeText(value)) + ", but " +
                  std::string(source) + " is " + QuoteName(wanted));
}

RpcError Undecodable(std::string_view header) {
  return Mismatch(std::string(header) +
                  " must be printable ASCII, or UTF-8 in base64 as =?base64?...?=");
}

HeaderError CheckPlain(std::string_view header, const std::optional<std::string_view>& value,
                       std::string_view source, std::string_view wanted) {
  if (!value) return Missing(header, source);
  if (*value != wanted) return Differs(header, *value, source, wanted);
  return std::nullopt;
}

// The member of `params` that Mcp-Name repeats; empty for methods without one.
std::string_view NameMember(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method == "resources/read") return "uri";
  if (method.starts_with("tasks/")) return "taskId";
  return {};
}

// Compares as numbers: "42.0" equals 42.
bool SameNumber(std::string_view text, const json::value& wanted) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() &&
         value == wanted.to_number<double>();
}

bool SameValue(std::string_view text, const json::value& wanted) {
  if (const json::string* string = wanted.if_string()) return text == std::string_view(*string);
  if (const bool* flag = wanted.if_bool()) return text == (*flag ? "true" : "false");
  return wanted.is_number() && SameNumber(text, wanted);
}

HeaderError CheckParam(const Envelope& envelope, std::string_view name, const json::value* given) {
  const std::string header = "Mcp-Param-" + std::string(name);
  const std::optional<std::string_view> value = envelope.param(name);
  if (!given || given->is_null()) {
    if (!value) return std::nullopt;
    return Mismatch(header + " was sent, but its argument was not");
  }
  if (!value) return Missing(header, "its argument");
  const std::optional<std::string> decoded = DecodeHeaderValue(*value);
  if (!decoded) return Undecodable(header);
  if (!SameValue(*decoded, *given)) return Mismatch(header + " differs from its argument");
  return std::nullopt;
}

}  // namespace

HeaderError CheckVersionHeader(const Envelope& envelope, std::string_view version) {
  return CheckPlain("MCP-Protocol-Version", envelope.version,
                    "the protocol version in the request's _meta", version);
}

HeaderError CheckMethodHeader(const Envelope& envelope, std::string_view method) {
  return CheckPlain("Mcp-Method", envelope.method, "the request's method", method);
}

HeaderError CheckNameHeader(const Envelope& envelope, std::string_view method,
                            const json::object& params) {
  const std::string_view key = NameMember(method);
  const json::value* named = key.empty() ? nullptr : params.if_contains(key);
  const json::string* wanted = named ? named->if_string() : nullptr;
  if (!wanted) return std::nullopt;  // the method decides whether the member is required
  const std::string source = "params." + std::string(key);
  if (!envelope.name) return Missing("Mcp-Name", source);
  const std::optional<std::string> value = DecodeHeaderValue(*envelope.name);
  if (!value) return Undecodable("Mcp-Name");
  if (*value != std::string_view(*wanted)) return Differs("Mcp-Name", *value, source, *wanted);
  return std::nullopt;
}

HeaderError CheckParamHeaders(const Envelope& envelope, const json::object& input_schema,
                              const json::value& arguments) {
  const json::value* properties = input_schema.if_contains("properties");
  if (!properties || !properties->is_object()) return std::nullopt;
  const json::object* given = arguments.if_object();
  for (const auto& property : properties->get_object()) {
    const json::object* schema = property.value().if_object();
    if (!schema) continue;
    const json::value* argument = given ? given->if_contains(property.key()) : nullptr;
    if (const json::value* header = schema->if_contains("x-mcp-header");
        header && header->is_string()) {
      if (auto wrong = CheckParam(envelope, header->get_string(), argument)) return wrong;
    }
    const json::value inner = argument ? *argument : json::value();
    if (auto wrong = CheckParamHeaders(envelope, *schema, inner)) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> DecodeHeaderValue(std::string_view value) {
  if (value.size() >= kEncodedBegin.size() + kEncodedEnd.size() &&
      value.starts_with(kEncodedBegin) && value.ends_with(kEncodedEnd)) {
    value.remove_prefix(kEncodedBegin.size());
    value.remove_suffix(kEncodedEnd.size());
    return DecodeBase64(value);
  }
  const auto printable = [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); };
  if (!std::all_of(value.begin(), value.end(), printable)) return std::nullopt;
  return std::string(value);
}

}  // namespace halo
