// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_values.h"

#include <limits>
#include <utility>

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

using simdjson::error_code;

// What the JSON mapping of protobuf writes for doubles that JSON has no number for.
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
    std::string_view name, other;
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

// A wrapped number or truth value that was written as a string.
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

inline error_code OtlpValues::Unwrap(Wrap wrap, Json json, Value& out) {
  RawString text;
  if (wrap != Wrap::kString || json.String(text)) return UnwrapOther(wrap, json, out);
  out.type = Value::Type::kText;
  return values_.Decode(text, out.text);
}

inline error_code OtlpValues::KeyValue(Json json, std::vector<Attribute>& out) {
  Attribute& attribute = out.emplace_back();
  error_code error = simdjson::SUCCESS;
  // {"key":"K","value":{"stringValue":"V"}}: most of a trace is written so.
  if (json.Matches<'{', '"', ':', '"', ',', '"', ':', '{', '"', ':', '"', '}', '}'>() &&
      json.StringAt(1).Is("key") && json.StringAt(5).Is("value")) {
    error = values_.Decode(json.StringAt(3), attribute.key);
    const Wrap wrap = WrapOf(json.StringAt(8));
    if (!error) {
      error = wrap == Wrap::kNone ? AnyValue(json.At(7), attribute.value)
                                  : Unwrap(wrap, json.At(10), attribute.value);
    }
  } else {
    error = json.ForEachField([&](RawString key, Json value) {
      if (key.Is("key")) return values_.Text(value, attribute.key);
      if (key.Is("value")) return AnyValue(value, attribute.value);
      return simdjson::SUCCESS;
    });
  }
  if (error || attribute.key.empty()) out.pop_back();
  return error;
}

error_code OtlpValues::Attributes(Json json, std::vector<Attribute>& out) {
  if (json.type() == JsonType::kNone) return simdjson::TAPE_ERROR;
  if (json.type() == JsonType::kObject) {
    return json.ForEachField([&](RawString key, Json value) {
      Attribute attribute;
      if (const error_code error = values_.Decode(key, attribute.key)) return error;
      const error_code error = AnyValue(value, attribute.value);
      if (!error) out.push_back(attribute);
      return values_.SkipMalformed(error, value, "attribute");
    });
  }
  return json.ForEachItem(
      [&](Json item) { return values_.SkipMalformed(KeyValue(item, out), item, "attribute"); });
}

error_code OtlpValues::AnyValue(Json json, Value& out) {
  if (json.type() != JsonType::kObject) return values_.Plain(json, out);
  out = {};
  bool known = true;
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    const Wrap wrap = WrapOf(key);
    known = wrap != Wrap::kNone;
    return known ? Unwrap(wrap, value, out) : simdjson::INCORRECT_TYPE;
  });
  if (known) return error;
  // Not a wrapper: an object that somebody wrote as it is.
  scratch_.clear();
  if (const error_code again = values_.AppendJson(json, scratch_)) return again;
  out = Value::Json(values_.arena().Copy(scratch_));
  return simdjson::SUCCESS;
}

error_code OtlpValues::UnwrapOther(Wrap wrap, Json json, Value& out) {
  if (wrap == Wrap::kArray || wrap == Wrap::kKeyValues) {
    scratch_.clear();
    const error_code error = AppendItems(json, wrap == Wrap::kKeyValues, scratch_, 0);
    out = Value::Json(values_.arena().Copy(scratch_));
    return error;
  }
  const error_code error = values_.Plain(json, out);
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

error_code OtlpValues::AppendAttributes(Json json, std::string& out, int depth) {
  if (json.type() == JsonType::kNone) return simdjson::TAPE_ERROR;
  if (json.type() == JsonType::kObject) return values_.AppendJson(json, out, depth);
  char separator = '{';
  const error_code error = json.ForEachItem([&](Json item) {
    out += std::exchange(separator, ',');
    return AppendKeyValue(item, out, depth + 1);
  });
  out += separator == '{' ? "{}" : "}";
  return error;
}

error_code OtlpValues::AppendAny(Json json, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return simdjson::DEPTH_ERROR;
  if (json.type() != JsonType::kObject) return values_.AppendJson(json, out, depth);
  bool empty = true;
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    const Wrap wrap = WrapOf(key);
    if (!std::exchange(empty, false) || wrap == Wrap::kNone) return simdjson::SUCCESS;
    if (wrap == Wrap::kArray || wrap == Wrap::kKeyValues) {
      return AppendItems(value, wrap == Wrap::kKeyValues, out, depth + 1);
    }
    Value plain;
    const error_code inner = values_.Plain(value, plain);
    if (plain.type == Value::Type::kText && wrap == Wrap::kInt) {
      std::int64_t integer;
      if (ParseInteger(plain.text, integer)) plain = Value::Int(integer);
    }
    AppendJsonValue(plain, out);
    return inner;
  });
  if (empty) out += "null";
  return error;
}

// {"values": [...]} of an arrayValue or kvlistValue.
error_code OtlpValues::AppendItems(Json json, bool key_values, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return simdjson::DEPTH_ERROR;
  bool found = false;
  const error_code error = json.ForEachField([&](RawString key, Json values) {
    if (!key.Is("values") || std::exchange(found, true)) return simdjson::SUCCESS;
    if (key_values) return AppendAttributes(values, out, depth);
    char separator = '[';
    const error_code inner = values.ForEachItem([&](Json item) {
      out += std::exchange(separator, ',');
      return AppendAny(item, out, depth + 1);
    });
    out += separator == '[' ? "[]" : "]";
    return inner;
  });
  if (!found) out += key_values ? "{}" : "[]";
  return error;
}

error_code OtlpValues::AppendKeyValue(Json json, std::string& out, int depth) {
  std::string_view name;
  std::string text;
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    if (key.Is("key")) return values_.Text(value, name);
    if (key.Is("value") && text.empty()) return AppendAny(value, text, depth);
    return simdjson::SUCCESS;
  });
  AppendJsonString(name, out);
  out += ':';
  out += text.empty() ? "null" : text;
  return error;
}

}  // namespace halo
