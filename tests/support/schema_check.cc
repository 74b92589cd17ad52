// SPDX-License-Identifier: MIT
#include "tests/support/schema_check.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>

namespace halo {
namespace {

namespace json = boost::json;

bool HasType(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  return type == "number" && value.is_number();
}

std::string CheckObject(const json::object& object, const json::object& schema,
                        const std::string& path) {
  if (const json::value* required = schema.if_contains("required")) {
    for (const json::value& name : required->as_array()) {
      const std::string_view key = name.as_string();
      if (!object.contains(key)) return path + "." + std::string(key) + " is missing";
    }
  }
  const json::value* properties = schema.if_contains("properties");
  const json::value* others = schema.if_contains("additionalProperties");
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const std::string at = path + "." + std::string(key);
    const json::value* known = properties ? properties->as_object().if_contains(key) : nullptr;
    if (!known && others && others->is_object()) known = others;
    if (!known) return at + " is not in the schema";
    std::string breach = CheckSchema(member.value(), known->as_object(), at);
    if (!breach.empty()) return breach;
  }
  return {};
}

}  // namespace

std::string CheckSchema(const json::value& value, const json::object& schema,
                        const std::string& path) {
  if (const json::value* type = schema.if_contains("type")) {
    const json::array types = type->is_array() ? type->get_array() : json::array{*type};
    const bool fits = std::any_of(types.begin(), types.end(), [&](const json::value& each) {
      return HasType(value, each.as_string());
    });
    if (!fits) return path + " is not of type " + json::serialize(types);
  }
  if (const json::value* allowed = schema.if_contains("enum")) {
    const json::array& words = allowed->as_array();
    if (std::find(words.begin(), words.end(), value) == words.end())
      return path + " is no such word";
  }
  if (value.is_object()) return CheckObject(value.get_object(), schema, path);
  if (const json::array* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      std::string breach = CheckSchema((*array)[i], schema.at("items").as_object(),
                                       path + "[" + std::to_string(i) + "]");
      if (!breach.empty()) return breach;
    }
  }
  return {};
}

}  // namespace halo
