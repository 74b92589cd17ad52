// SPDX-License-Identifier: MIT
#include "tools/answer/arguments.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "schemas/json_text.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

namespace json = boost::json;

// How often JSON may have been encoded as text within text, by programs that pass arguments on.
constexpr int kMaxLayers = 3;
constexpr std::size_t kMaxNamed = 5;

void Fit(json::value& value, const json::object& schema);

std::string_view TypeOf(const json::object& schema) {
  const json::value* type = schema.if_contains("type");
  return type && type->is_string() ? std::string_view(type->get_string()) : std::string_view();
}

const json::object* ObjectIn(const json::object& schema, std::string_view key) {
  const json::value* value = schema.if_contains(key);
  return value ? value->if_object() : nullptr;
}

using ascii::ToLower;
using ascii::Trim;

std::optional<json::value> ParseText(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

bool IsBlank(const json::value& value) {
  const json::string* text = value.if_string();
  return text && Trim(*text).empty();
}

bool IsScalar(const json::value& value) { return !value.is_structured() && !value.is_null(); }

// Decodes an object or array that was sent as text.
void Unwrap(json::value& value) {
  json::value inner = value;
  for (int layer = 0; layer < kMaxLayers && inner.is_string(); ++layer) {
    auto parsed = ParseText(inner.get_string());
    if (!parsed) return;
    inner = *std::move(parsed);
  }
  if (inner.is_structured() || inner.is_null()) value = std::move(inner);
}

void FitObject(json::value& value, const json::object& schema) {
  Unwrap(value);
  // Some languages serialise an empty object as an empty array.
  if (value.is_array() && value.get_array().empty()) value = json::object();
  json::object* object = value.if_object();
  if (!object) return;
  const json::object* properties = ObjectIn(schema, "properties");
  const json::object* others = ObjectIn(schema, "additionalProperties");
  const json::value* required = schema.if_contains("required");
  for (auto& member : *object) {
    const json::object* inner = properties ? ObjectIn(*properties, member.key()) : nullptr;
    if (!inner) inner = others;
    if (!inner) continue;
    const bool text = TypeOf(*inner) == "string" && !inner->contains("enum");
    const bool must = required && required->is_array() &&
                      std::find(required->get_array().begin(), required->get_array().end(),
                                json::value(member.key())) != required->get_array().end();
    if (!text && !must && IsBlank(member.value())) {
      member.value() = nullptr;
    } else if (!member.value().is_null()) {
      Fit(member.value(), *inner);
    }
  }
}

// Whether the value may be the only item of a list, for example one id. Text that looks like
// several items, or like a malformed list, may not.
bool IsOneItem(const json::value& value) {
  const json::string* text = value.if_string();
  if (!text) return IsScalar(value);
  return std::string_view(*text).find_first_of(",;[]{}\" \t\r\n") == std::string_view::npos;
}

void FitArray(json::value& value, const json::object& schema) {
  Unwrap(value);
  const json::object* items = ObjectIn(schema, "items");
  if (!items) return;
  const bool scalars = TypeOf(*items) != "object" && TypeOf(*items) != "array";
  if (scalars && IsScalar(value) && IsOneItem(value)) value = json::array{value};
  if (json::array* array = value.if_array()) {
    for (json::value& item : *array) Fit(item, *items);
  }
}

void FitBoolean(json::value& value) {
  const json::string* text = value.if_string();
  if (!text) return;
  const std::string word = ToLower(Trim(*text));
  if (word == "true" || word == "false") {
    value = word == "true";
  } else if (word == "null") {
    value = nullptr;
  }
}

void FitNumber(json::value& value, bool integral) {
  if (const json::string* text = value.if_string()) {
    auto parsed = ParseText(*text);
    if (parsed && (parsed->is_number() || parsed->is_null())) value = *std::move(parsed);
  }
  const double* number = value.if_double();
  constexpr double kExact = 9007199254740992;  // 2^53
  if (integral && number && std::trunc(*number) == *number && std::fabs(*number) <= kExact) {
    value = static_cast<std::int64_t>(*number);
  }
}

void FitWord(json::value& value, const json::array& allowed) {
  const json::string* text = value.if_string();
  if (!text) return;
  const auto take = [&](std::string_view word) {
    const auto found = std::find_if(allowed.begin(), allowed.end(), [&](const json::value& one) {
      return one.is_string() && word == std::string_view(one.get_string());
    });
    if (found == allowed.end()) return false;
    value = *found;
    return true;
  };
  if (take(*text) || take(ToLower(Trim(*text)))) return;
  const auto parsed = ParseText(*text);
  if (parsed && parsed->is_null()) {
    value = nullptr;
  } else if (parsed && parsed->is_string()) {
    take(ToLower(parsed->get_string()));
  }
}

// Not fractions: 1.10 and 1.1 are the same number but different strings.
void FitText(json::value& value) {
  if (value.is_int64() || value.is_uint64() || value.is_bool()) value = Serialise(value);
}

void Fit(json::value& value, const json::object& schema) {
  const std::string_view type = TypeOf(schema);
  const json::value* allowed = schema.if_contains("enum");
  if (type == "object") {
    FitObject(value, schema);
  } else if (type == "array") {
    FitArray(value, schema);
  } else if (type == "boolean") {
    FitBoolean(value);
  } else if (type == "integer" || type == "number") {
    FitNumber(value, type == "integer");
  } else if (type == "string" && allowed && allowed->is_array()) {
    FitWord(value, allowed->get_array());
  } else if (type == "string") {
    FitText(value);
  }
}

// A suggestion for an unknown argument; empty if there is none.
std::string Hint(std::string_view name, const json::object& properties) {
  for (const auto& property : properties) {
    const json::object* schema = property.value().if_object();
    const json::object* inner = schema ? ObjectIn(*schema, "properties") : nullptr;
    if (inner && inner->contains(name)) return Cat(" (it belongs in ", property.key(), ")");
  }
  std::vector<std::string_view> known;
  for (const auto& property : properties) known.push_back(property.key());
  const std::string_view near = Nearest(name, known);
  return near.empty() ? std::string() : Cat(" (did you mean ", near, "?)");
}

std::string DropUnknown(json::object& arguments, const json::object& properties,
                        std::string_view owner) {
  std::vector<std::string> unknown;
  for (const auto& member : arguments) {
    if (!properties.contains(member.key())) unknown.emplace_back(member.key());
  }
  if (unknown.empty()) return {};
  std::string note = Cat(owner, " has no such argument, so it was ignored: ");
  if (unknown.size() > 1) note = Cat(owner, " has no such arguments, so they were ignored: ");
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    arguments.erase(unknown[i]);
    if (i >= kMaxNamed) continue;
    note.append(i > 0 ? ", " : "")
        .append(IsPlainName(unknown[i]) ? unknown[i] : Quoted(unknown[i]));
    note.append(Hint(unknown[i], properties));
  }
  if (unknown.size() > kMaxNamed) note.append(Cat(" and ", unknown.size() - kMaxNamed, " more"));
  return note.append(".");
}

}  // namespace

FittedArguments FitArguments(const json::value& given, const json::object& schema,
                             std::string_view owner) {
  FittedArguments out{given};
  Unwrap(out.value);
  if (out.value.is_null() || IsBlank(out.value)) out.value = json::object();
  FitObject(out.value, schema);
  json::object* arguments = out.value.if_object();
  const json::object* properties = ObjectIn(schema, "properties");
  if (arguments && schema.contains("additionalProperties")) {
    out.note = DropUnknown(*arguments, properties ? *properties : json::object(), owner);
  }
  return out;
}

}  // namespace halo
