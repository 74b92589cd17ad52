// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_values.h"

#include <limits>
#include <utility>

#include "engine/json/json_print.h"
#include "engine/json/parse_integer.h"
#include "schemas/json_string.h"

namespace halo {
enum class OtlpValues::Wrap : std::uint8_t {
  kNone,
  kString,
  kBool,
  kInt,
  kDouble,
  kBytes,
  kArray,
  kKeyValues
};

namespace {

// Reads the names by which protobuf's JSON mapping writes doubles that are not JSON numbers.
bool SpecialDouble(std::string_view text, double& out) {
  using Limits = std::numeric_limits<double>;
  if (text == "NaN") return out = Limits::quiet_NaN(), true;
  if (text == "Infinity") return out = Limits::infinity(), true;
  if (text == "-Infinity") return out = -Limits::infinity(), true;
  return false;
}

}  // namespace

inline OtlpValues::Wrap OtlpValues::WrapOf(RawString key) {
  return key.Is("stringValue") ? Wrap::kString : WrapOfOther(key);
}

OtlpValues::Wrap OtlpValues::WrapOfOther(RawString key) {
  static constexpr struct {
    std::string_view name, other_name;
    Wrap wrap;
  } kWraps[] = {
      {"stringValue", "string_value", Wrap::kString},
      {"intValue", "int_value", Wrap::kInt},
      {"boolValue", "bool_value", Wrap::kBool},
      {"doubleValue", "double_value", Wrap::kDouble},
      {"kvlistValue", "kvlist_value", Wrap::kKeyValues},
      {"arrayValue", "array_value", Wrap::kArray},
      {"bytesValue", "bytes_value", Wrap::kBytes},
  };
  const std::size_t index = wraps_.Find(kWraps, key);
  return index < std::size(kWraps) ? kWraps[index].wrap : Wrap::kNone;
}

// A wrapped number or boolean that was written as a string.
Value OtlpValues::Unquote(Wrap wrap, std::string_view text) {
  std::int64_t integer;
  double real;
  if (wrap == Wrap::kInt && ParseInteger(text, integer)) return Value::Int(integer);
  if (wrap == Wrap::kDouble && SpecialDouble(text, real)) return Value::Double(real);
  if (wrap == Wrap::kBool && (text == "true" || text == "false")) {
    return Value::Bool(text == "true");
  }
  return Value::Text(text);
}

inline JsonError OtlpValues::Unwrap(Wrap wrap, Json& json, Value& out) {
  RawString text;
  if (wrap != Wrap::kString || Failed(json.String(text))) return UnwrapOther(wrap, json, out);
  out.type = Value::Type::kText;
  return values_.Decode(text, out.text);
}

inline JsonError OtlpValues::KeyValue(Json& json, std::vector<Attribute>& out) {
  Attribute& attribute = out.emplace_back();
  const JsonError error = json.ForEachField([&](RawString key, Json& value) {
    if (key.Is("key")) return values_.Text(value, attribute.key);
    if (key.Is("value")) return AnyValue(value, attribute.value);
    return JsonError::kOk;
  });
  if (Failed(error) || attribute.key.empty()) out.pop_back();
  return error;
}

JsonError OtlpValues::Attributes(Json& json, std::vector<Attribute>& out) {
  if (json.type() == JsonType::kNone) return JsonError::kInvalid;
  if (json.type() == JsonType::kObject) {
    return json.ForEachField([&](RawString key, Json& value) {
      Attribute attribute;
      if (const JsonError error = values_.Decode(key, attribute.key); Failed(error)) return error;
      const JsonError error = AnyValue(value, attribute.value);
      if (!Failed(error)) out.push_back(attribute);
      return values_.SkipMalformed(error, value, "attribute");
    });
  }
  return json.ForEachItem(
      [&](Json& item) { return values_.SkipMalformed(KeyValue(item, out), item, "attribute"); });
}

JsonError OtlpValues::AnyValue(Json& json, Value& out) {
  if (json.type() != JsonType::kObject) return values_.Plain(json, out);
  out = {};
  bool is_wrapper = true;
  JsonObject object;
  if (const JsonError error = object.Open(json); Failed(error)) return error;
  const JsonError error = object.ForEachField([&](RawString key, Json& value) {
    const Wrap wrap = WrapOf(key);
    is_wrapper = wrap != Wrap::kNone;
    return is_wrapper ? Unwrap(wrap, value, out) : JsonError::kWrongType;
  });
  if (is_wrapper) return error;
  // An object that the emitter wrote without a wrapper.
  scratch_.clear();
  if (const JsonError again = AppendFromStart(object, scratch_, 0); Failed(again)) return again;
  out = Value::Json(values_.arena().Copy(scratch_));
  return JsonError::kOk;
}

JsonError OtlpValues::UnwrapOther(Wrap wrap, Json& json, Value& out) {
  if (wrap == Wrap::kArray || wrap == Wrap::kKeyValues) {
    scratch_.clear();
    const JsonError error = AppendItems(json, wrap == Wrap::kKeyValues, scratch_, 0);
    out = Value::Json(values_.arena().Copy(scratch_));
    return error;
  }
  const JsonError error = values_.Plain(json, out);
  if (wrap == Wrap::kDouble && out.type == Value::Type::kInt) {
    out = Value::Double(static_cast<double>(out.integer));
  }
  if (out.type != Value::Type::kText) return error;
  if (wrap == Wrap::kBytes) {
    out.type = Value::Type::kBytes;
  } else if (wrap != Wrap::kString) {
    out = Unquote(wrap, out.text);
  }
  return error;
}

JsonError OtlpValues::AppendAttributes(Json& json, std::string& out, int depth) {
  if (json.type() == JsonType::kNone) return JsonError::kInvalid;
  if (json.type() == JsonType::kObject) return values_.AppendJson(json, out, depth);
  char separator = '{';
  const JsonError error = json.ForEachItem([&](Json& item) {
    out += std::exchange(separator, ',');
    return AppendKeyValue(item, out, depth + 1);
  });
  out += separator == '{' ? "{}" : "}";
  return error;
}

JsonError OtlpValues::AppendAny(Json& json, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return JsonError::kTooDeep;
  if (json.type() != JsonType::kObject) return values_.AppendJson(json, out, depth);
  bool empty = true, is_wrapper = true;
  JsonObject object;
  if (const JsonError error = object.Open(json); Failed(error)) return error;
  const JsonError error = object.ForEachField([&](RawString key, Json& value) {
    if (!std::exchange(empty, false)) return JsonError::kOk;
    const Wrap wrap = WrapOf(key);
    is_wrapper = wrap != Wrap::kNone;
    return is_wrapper ? AppendUnwrapped(wrap, value, out, depth) : JsonError::kWrongType;
  });
  if (empty) out += "null";
  return is_wrapper ? error : AppendFromStart(object, out, depth);
}

JsonError OtlpValues::AppendUnwrapped(Wrap wrap, Json& json, std::string& out, int depth) {
  if (wrap == Wrap::kArray || wrap == Wrap::kKeyValues) {
    return AppendItems(json, wrap == Wrap::kKeyValues, out, depth + 1);
  }
  Value plain;
  const JsonError error = values_.Plain(json, plain);
  if (plain.type == Value::Type::kText && wrap == Wrap::kInt) {
    std::int64_t integer;
    if (ParseInteger(plain.text, integer)) plain = Value::Int(integer);
  }
  if (plain.type == Value::Type::kInt && wrap == Wrap::kDouble) {
    plain = Value::Double(static_cast<double>(plain.integer));
  }
  AppendJsonValue(plain, out);
  return error;
}

// An object that is not a wrapper, of which some fields may have been read.
JsonError OtlpValues::AppendFromStart(JsonObject& object, std::string& out, int depth) {
  if (const JsonError error = object.Rewind(); Failed(error)) return error;
  return values_.AppendObject(object, out, depth);
}

// {"values": [...]} of an arrayValue or kvlistValue.
JsonError OtlpValues::AppendItems(Json& json, bool key_values, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return JsonError::kTooDeep;
  bool found = false;
  const JsonError error = json.ForEachField([&](RawString key, Json& values) {
    if (!key.Is("values") || std::exchange(found, true)) return JsonError::kOk;
    if (key_values) return AppendAttributes(values, out, depth);
    char separator = '[';
    const JsonError inner = values.ForEachItem([&](Json& item) {
      out += std::exchange(separator, ',');
      return AppendAny(item, out, depth + 1);
    });
    out += separator == '[' ? "[]" : "]";
    return inner;
  });
  if (!found) out += key_values ? "{}" : "[]";
  return error;
}

JsonError OtlpValues::AppendKeyValue(Json& json, std::string& out, int depth) {
  std::string_view name;
  std::string text;
  const JsonError error = json.ForEachField([&](RawString key, Json& value) {
    if (key.Is("key")) return values_.Text(value, name);
    if (key.Is("value") && text.empty()) return AppendAny(value, text, depth);
    return JsonError::kOk;
  });
  AppendJsonString(name, out);
  out += ':';
  out += text.empty() ? "null" : text;
  return error;
}

}  // namespace halo
