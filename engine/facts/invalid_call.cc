// SPDX-License-Identifier: MIT
#include "engine/facts/invalid_call.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>
#include <vector>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/ascii.h"
#include "engine/model/invalid_call_text.h"
#include "engine/text/masked.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

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
  bool closed = false;     // additionalProperties is false
  std::vector<std::string> required;
  std::vector<Property> properties;
  std::vector<Schema> items;         // one element, or empty
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
  return 0xFF;  // an unknown type: accept any value
}

std::string NameOf(std::uint8_t bits) {
  if (bits == kNumber) return "a number";  // of a value that is not an integer
  for (const TypeName& type : kTypeNames) {
    if (type.bits == bits) return std::string(type.with_article);
  }
  std::string out;
  for (const TypeName& type : kTypeNames) {
    if ((type.bits & ~bits) != 0) continue;
    // "a number" includes integers.
    if (type.name == "integer" && (bits & kNumber) != 0) continue;
    if (!out.empty()) out += " or ";
    out += type.with_article;
  }
  return out;
}

// 1.0 is an integer for JSON Schema.
bool IsWhole(const JsonNode& number) {
  double real = 0;
  if (number.written().find_first_of(".eE") == std::string_view::npos) return true;
  return number.Real(real) && real == std::trunc(real) && std::abs(real) < 9e15;
}

std::uint8_t TypeOf(const JsonNode& value) {
  switch (value.type()) {
    case JsonNode::Type::kArray:
      return kArray;
    case JsonNode::Type::kObject:
      return kObject;
    case JsonNode::Type::kNumber:
      return IsWhole(value) ? kInteger : kNumber;
    case JsonNode::Type::kString:
      return kString;
    case JsonNode::Type::kBool:
      return kBoolean;
    default:
      return kNull;
  }
}

// The text by which values are compared.
std::string Exact(const JsonNode& value) {
  std::string text;
  AppendExact(value, text);
  return text;
}

std::uint8_t TypesIn(const JsonNode& names) {
  std::string_view text;
  if (names.Text(text)) return TypeBits(text);
  std::uint8_t types = 0;
  if (!names.is_array()) return types;
  for (const JsonNode& name : names) {
    if (name.Text(text)) types |= TypeBits(text);
  }
  return types;
}

Schema Compile(const JsonNode& source, int depth) {
  Schema schema;
  if (depth > kMaxDepth || !source.is_object()) return schema;
  for (const JsonNode& member : source) {
    const std::string_view key = member.key();
    if (key == "type") {
      schema.types |= TypesIn(member);
    } else if (key == "required" && member.is_array()) {
      std::string_view name;
      for (const JsonNode& item : member) {
        if (item.Text(name)) schema.required.emplace_back(name);
      }
    } else if (key == "properties" && member.is_object()) {
      for (const JsonNode& property : member) {
        schema.properties.push_back({std::string(property.key()), Compile(property, depth + 1)});
      }
    } else if (key == "additionalProperties") {
      bool open = true;
      if (member.Bool(open)) schema.closed = !open;
    } else if (key == "items") {
      schema.items.assign(1, Compile(member, depth + 1));
    } else if (key == "enum" && member.is_array()) {
      for (const JsonNode& item : member) schema.allowed.push_back(Exact(item));
    } else if (key == "nullable") {
      bool nullable = false;
      if (member.Bool(nullable) && nullable && schema.types != 0) schema.types |= kNull;
    } else if (ascii::IsOneOf(key, {"patternProperties", "$ref", "allOf", "anyOf", "oneOf"})) {
      // References and combinations are not evaluated, so any value is accepted.
      return {};
    }
  }
  return schema;
}

// A name invented by the model, made safe for a signature.
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

std::optional<std::string> Mismatch(const Schema& schema, const JsonNode& value,
                                    const std::string& path, int depth);

std::optional<std::string> MismatchInObject(const Schema& schema, const JsonNode& object,
                                            const std::string& path, int depth) {
  const auto at = [&](std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
  };
  // A misspelt name is both unknown and missing: the unknown name is more informative.
  if (schema.closed) {
    for (const JsonNode& member : object) {
      if (schema.Find(member.key()) != nullptr) continue;
      std::vector<std::string_view> known;
      for (const auto& property : schema.properties) known.push_back(property.name);
      return "unknown argument " + Quoted(at(member.key())) + NearestHint(member.key(), known);
    }
  }
  for (const std::string& name : schema.required) {
    if (object.Find(name) == nullptr) return "missing required argument " + Quoted(at(name));
  }
  for (const JsonNode& member : object) {
    const Schema* const property = schema.Find(member.key());
    if (property == nullptr) continue;
    if (auto found = Mismatch(*property, member, at(member.key()), depth + 1)) return found;
  }
  return {};
}

std::optional<std::string> Mismatch(const Schema& schema, const JsonNode& value,
                                    const std::string& path, int depth) {
  if (depth > kMaxDepth) return {};
  const std::uint8_t type = TypeOf(value);
  if (std::string_view text; value.Text(text) && IsMask(text)) return {};
  const std::string subject = path.empty() ? "the arguments" : "argument " + Quoted(path);
  if (schema.types != 0 && (schema.types & type) == 0) {
    return subject + (path.empty() ? " are " : " is ") + NameOf(type) + ", not " +
           NameOf(schema.types);
  }
  if (!schema.allowed.empty() && std::find(schema.allowed.begin(), schema.allowed.end(),
                                           Exact(value)) == schema.allowed.end()) {
    return subject + " is none of its allowed values";
  }
  if (type == kObject) return MismatchInObject(schema, value, path, depth);
  if (type == kArray && !schema.items.empty()) {
    for (const JsonNode& item : value) {
      if (auto found = Mismatch(schema.items[0], item, path + "[]", depth + 1)) return found;
    }
  }
  return {};
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// The value of a text that is exactly one valid JSON value; null for any other text.
const JsonNode* ParseStrictly(std::string_view text, JsonTrees& json) {
  const JsonNode* const root = json.Parse(text);
  return root != nullptr && root->is_valid() && root->is_alone() ? root : nullptr;
}

}  // namespace

struct CallChecker::Impl {
  std::unordered_map<std::uint64_t, Schema> schemas;  // by hash of their text

  const Schema& SchemaOf(std::string_view text, JsonTrees& json) {
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    const auto found = schemas.find(hash);
    if (found != schemas.end()) return found->second;
    if (schemas.size() >= kMaxSchemas) schemas.clear();
    Schema schema;
    if (const JsonNode* const root = ParseStrictly(text, json)) schema = Compile(*root, 0);
    return schemas.emplace(hash, std::move(schema)).first->second;
  }

  std::optional<std::string> Check(const ToolCall& call, const ToolDefinition* tool,
                                   JsonTrees& json) {
    if (IsMask(call.arguments)) return {};
    const bool has_schema = tool != nullptr && !IsBlank(tool->parameters);
    if (IsBlank(call.arguments)) {
      if (!has_schema) return {};
      const Schema& schema = SchemaOf(tool->parameters, json);
      if (schema.required.empty()) return {};
      return "missing required argument " + Quoted(schema.required.front());
    }
    const JsonNode* arguments = ParseStrictly(call.arguments, json);
    // Some emitters encode the JSON as a JSON string.
    if (std::string_view text; arguments != nullptr && arguments->Text(text)) {
      if (IsMask(text)) return {};
      arguments = ParseStrictly(text, json);
    }
    if (arguments == nullptr) return "arguments are not JSON";
    if (arguments->type() == JsonNode::Type::kNull) return {};
    if (!arguments->is_object()) {
      if (IsMasked(call.arguments)) return {};
      return "arguments are not a JSON object";
    }
    if (!has_schema) return {};
    return Mismatch(SchemaOf(tool->parameters, json), *arguments, {}, 0);
  }
};

CallChecker::CallChecker() : impl_(std::make_unique<Impl>()) {}
CallChecker::~CallChecker() = default;

std::optional<InvalidCall> CallChecker::FirstInvalid(std::span<const Message> answer,
                                                     std::span<const ToolDefinition> offered,
                                                     bool all_offered, JsonTrees& json) {
  // The callable names of a hosted tool, an MCP server or a masked definition are unknown.
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
        return InvalidCall{"tool " + Quoted(call.name) + std::string(kToolIsNotOffered) +
                               NearestHint(call.name, names),
                           call.name, call.name};
      }
      if (auto signature = impl_->Check(call, tool, json)) {
        return InvalidCall{std::move(*signature), call.name,
                           IsBlank(call.arguments) ? call.name : call.arguments};
      }
    }
  }
  return {};
}

}  // namespace halo
