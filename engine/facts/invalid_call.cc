// SPDX-License-Identifier: MIT
#include "engine/facts/invalid_call.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/json/json_document.h"
#include "engine/text/masked.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxSchemas = 4096;
constexpr std::size_t kMaxNameBytes = 64;

enum TypeBit : std::uint8_t {
  kNull = 1,
  kBoolean = 2,
  kInteger = 4,
  kNumber = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};

struct TypeName {
  std::string_view name;
  std::uint8_t bits;
  std::string_view with_article;
};
constexpr TypeName kTypeNames[] = {
    {"null", kNull, "null"},
    {"boolean", kBoolean, "a boolean"},
    {"integer", kInteger, "an integer"},
    {"number", kInteger | kNumber, "a number"},
    {"string", kString, "a string"},
    {"array", kArray, "an array"},
    {"object", kObject, "an object"},
};

struct Property;

struct Schema {
  std::uint8_t types = 0;  // 0: any
  bool closed = false;     // no members but the known ones
  std::vector<std::string> required;
  std::vector<Property> properties;
  std::vector<Schema> items;         // one, or none
  std::vector<std::string> allowed;  // compact JSON of each value; empty: any

  const Schema* Find(std::string_view name) const;
};

struct Property {
  std::string name;
  Schema schema;
};

const Schema* Schema::Find(std::string_view name) const {
  for (const Property& property : properties) {
    if (property.name == name) return &property.schema;
  }
  return nullptr;
}

std::uint8_t TypeBits(std::string_view name) {
  for (const TypeName& type : kTypeNames) {
    if (type.name == name) return type.bits;
  }
  return 0xFF;  // a type we do not know: any
}

std::string NameOf(std::uint8_t bits) {
  if (bits == kNumber) return "a number";  // of a value that is no integer
  for (const TypeName& type : kTypeNames) {
    if (type.bits == bits) return std::string(type.with_article);
  }
  std::string out;
  for (const TypeName& type : kTypeNames) {
    if ((type.bits & ~bits) != 0) continue;
    // "a number" holds integers.
    if (type.name == "integer" && (bits & kNumber) != 0) continue;
    if (!out.empty()) out += " or ";
    out += type.with_article;
  }
  return out;
}

std::uint8_t TypeOf(dom::element value) {
  switch (value.type()) {
    case dom::element_type::ARRAY:
      return kArray;
    case dom::element_type::OBJECT:
      return kObject;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return kInteger;
    case dom::element_type::DOUBLE: {
      // 1.0 is an integer for JSON Schema.
      double number = 0;
      const bool whole = value.get_double().get(number) == simdjson::SUCCESS &&
                         number == std::trunc(number) && std::abs(number) < 9e15;
      return whole ? kInteger : kNumber;
    }
    case dom::element_type::STRING:
      return kString;
    case dom::element_type::BOOL:
      return kBoolean;
    case dom::element_type::NULL_VALUE:
      return kNull;
  }
  return kNull;
}

Schema Compile(dom::element source, int depth) {
  Schema schema;
  dom::object object;
  if (depth > kMaxDepth || source.get_object().get(object) != simdjson::SUCCESS) return schema;
  for (const auto [key, value] : object) {
    std::string_view text;
    if (key == "type") {
      if (value.get_string().get(text) == simdjson::SUCCESS) {
        schema.types = TypeBits(text);
      } else if (dom::array list; value.get_array().get(list) == simdjson::SUCCESS) {
        for (const dom::element item : list) {
          if (item.get_string().get(text) == simdjson::SUCCESS) schema.types |= TypeBits(text);
        }
      }
    } else if (key == "required") {
      dom::array list;
      if (value.get_array().get(list) != simdjson::SUCCESS) continue;
      for (const dom::element item : list) {
        if (item.get_string().get(text) == simdjson::SUCCESS) schema.required.emplace_back(text);
      }
    } else if (key == "properties") {
      dom::object members;
      if (value.get_object().get(members) != simdjson::SUCCESS) continue;
      for (const auto [name, member] : members) {
        schema.properties.push_back({std::string(name), Compile(member, depth + 1)});
      }
    } else if (key == "additionalProperties") {
      bool open = true;
      if (value.get_bool().get(open) == simdjson::SUCCESS) schema.closed = !open;
    } else if (key == "items") {
      schema.items.assign(1, Compile(value, depth + 1));
    } else if (key == "enum") {
      dom::array list;
      if (value.get_array().get(list) != simdjson::SUCCESS) continue;
      for (const dom::element item : list) schema.allowed.push_back(simdjson::minify(item));
    } else if (key == "nullable") {
      bool nullable = false;
      if (value.get_bool().get(nullable) == simdjson::SUCCESS && nullable && schema.types != 0) {
        schema.types |= kNull;
      }
    } else if (key == "patternProperties" || key == "$ref" || key == "allOf" || key == "anyOf" ||
               key == "oneOf") {
      // Not followed: anything may be allowed there.
      return {};
    }
  }
  return schema;
}

// A name as it may stand in a signature: the model made it up.
std::string Quoted(std::string_view name) {
  std::string out = "`";
  for (const char c : name.substr(0, kMaxNameBytes)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == '`' ? '?' : c;
  }
  return out + "`";
}

std::string NearestHint(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view nearest = Nearest(name, known);
  return nearest.empty() ? std::string() : "; nearest is " + Quoted(nearest);
}

std::optional<std::string> Mismatch(const Schema& schema, dom::element value,
                                    const std::string& path, int depth) {
  if (depth > kMaxDepth) return {};
  const std::uint8_t type = TypeOf(value);
  if (std::string_view text; value.get_string().get(text) == simdjson::SUCCESS && IsMask(text)) {
    return {};
  }
  const std::string subject = path.empty() ? "the arguments" : "argument " + Quoted(path);
  if (schema.types != 0 && (schema.types & type) == 0) {
    return subject + (path.empty() ? " are " : " is ") + NameOf(type) + ", not " +
           NameOf(schema.types);
  }
  if (!schema.allowed.empty() && std::find(schema.allowed.begin(), schema.allowed.end(),
                                           simdjson::minify(value)) == schema.allowed.end()) {
    return subject + " is none of its allowed values";
  }
  if (type == kObject) {
    dom::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return {};
    const auto at = [&](std::string_view name) {
      return path.empty() ? std::string(name) : path + "." + std::string(name);
    };
    // A wrong name is both unknown and missing: say the wrong name, it tells more.
    if (schema.closed) {
      for (const auto [name, member] : object) {
        if (schema.Find(name) != nullptr) continue;
        std::vector<std::string_view> known;
        for (const auto& property : schema.properties) known.push_back(property.name);
        return "unknown argument " + Quoted(at(name)) + NearestHint(name, known);
      }
    }
    for (const std::string& name : schema.required) {
      if (object.at_key(name).error() != simdjson::SUCCESS) {
        return "missing required argument " + Quoted(at(name));
      }
    }
    for (const auto [name, member] : object) {
      const Schema* const property = schema.Find(name);
      if (property == nullptr) continue;
      if (auto found = Mismatch(*property, member, at(name), depth + 1)) return found;
    }
  } else if (type == kArray && !schema.items.empty()) {
    dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return {};
    for (const dom::element item : array) {
      if (auto found = Mismatch(schema.items[0], item, path + "[]", depth + 1)) return found;
    }
  }
  return {};
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

struct CallChecker::Impl {
  dom::parser schema_parser;
  dom::parser parser;
  std::unordered_map<std::uint64_t, Schema> schemas;  // by hash of their text

  const Schema& SchemaOf(std::string_view text) {
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    const auto found = schemas.find(hash);
    if (found != schemas.end()) return found->second;
    if (schemas.size() >= kMaxSchemas) schemas.clear();
    Schema schema;
    dom::element root;
    if (schema_parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS) {
      schema = Compile(root, 0);
    }
    return schemas.emplace(hash, std::move(schema)).first->second;
  }

  std::optional<std::string> Check(const ToolCall& call, const ToolDefinition* tool) {
    if (IsMask(call.arguments)) return {};
    if (IsBlank(call.arguments)) {
      if (tool == nullptr || IsBlank(tool->parameters)) return {};
      const Schema& schema = SchemaOf(tool->parameters);
      if (schema.required.empty()) return {};
      return "missing required argument " + Quoted(schema.required.front());
    }
    dom::element arguments;
    if (parser.parse(call.arguments.data(), call.arguments.size()).get(arguments) !=
        simdjson::SUCCESS) {
      return "arguments are not JSON";
    }
    // Some emitters write the JSON into a string.
    std::string inner;
    if (std::string_view text; arguments.get_string().get(text) == simdjson::SUCCESS) {
      if (IsMask(text)) return {};
      inner = text;
      if (parser.parse(inner).get(arguments) != simdjson::SUCCESS) return "arguments are not JSON";
    }
    if (arguments.is_null()) return {};
    if (!arguments.is_object()) {
      if (IsMasked(call.arguments)) return {};
      return "arguments are not a JSON object";
    }
    if (tool == nullptr || IsBlank(tool->parameters)) return {};
    return Mismatch(SchemaOf(tool->parameters), arguments, {}, 0);
  }
};

CallChecker::CallChecker() : impl_(std::make_unique<Impl>()) {}
CallChecker::~CallChecker() = default;

std::optional<InvalidCall> CallChecker::FirstInvalid(std::span<const Message> answer,
                                                     std::span<const ToolDefinition> offered,
                                                     bool all_offered) {
  // A hosted tool, an MCP server, a masked definition: what can be called there is not told.
  const bool all_named = std::all_of(offered.begin(), offered.end(), [](const ToolDefinition& d) {
    return !d.name.empty() && !IsMask(d.name);
  });
  for (const Message& message : answer) {
    for (const ToolCall& call : message.tool_calls) {
      const ToolDefinition* tool = nullptr;
      for (const ToolDefinition& definition : offered) {
        if (definition.name == call.name) tool = &definition;
      }
      if (tool == nullptr && all_offered && all_named && !offered.empty() && !call.name.empty() &&
          !IsMask(call.name)) {
        std::vector<std::string_view> names;
        for (const ToolDefinition& definition : offered) names.push_back(definition.name);
        return InvalidCall{
            "tool " + Quoted(call.name) + " is not offered" + NearestHint(call.name, names),
            call.name, call.name};
      }
      if (auto signature = impl_->Check(call, tool)) {
        return InvalidCall{std::move(*signature), call.name,
                           IsBlank(call.arguments) ? call.name : call.arguments};
      }
    }
  }
  return {};
}

}  // namespace halo
