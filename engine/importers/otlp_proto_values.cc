// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_proto_values.h"

#include <bit>
#include <cmath>
#include <utility>

#include "engine/json/json_print.h"
#include "engine/json/json_repair.h"
#include "engine/json/json_values.h"
#include "schemas/json_string.h"

namespace halo {
namespace {

// The numbers of the fields. Source: opentelemetry/proto/common/v1/common.proto.
enum AnyValueField : std::uint32_t {
  kNoValue = 0,
  kStringValue = 1,
  kBoolValue = 2,
  kIntValue = 3,
  kDoubleValue = 4,
  kArrayValue = 5,
  kKeyValueList = 6,
  kBytesValue = 7,
};
constexpr std::uint32_t kKey = 1, kValue = 2;
constexpr std::uint32_t kValues = 1;  // of an ArrayValue or KeyValueList

ProtoType TypeOf(std::uint32_t field) {
  if (field == kBoolValue || field == kIntValue) return ProtoType::kVarint;
  return field == kDoubleValue ? ProtoType::kFixed64 : ProtoType::kBytes;
}

JsonError Complete(const ProtoCursor& cursor) {
  return Failed(cursor.error()) ? JsonError::kWrongType : JsonError::kOk;
}

std::string_view Base64(std::string_view bytes, Arena& arena) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t size = (bytes.size() + 2) / 3 * 4;
  char* const begin = arena.Allocate(size);
  char* to = begin;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) -> unsigned {
      return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
    };
    const unsigned bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    *to++ = kDigits[bits >> 18];
    *to++ = kDigits[bits >> 12 & 63];
    *to++ = i + 1 < bytes.size() ? kDigits[bits >> 6 & 63] : '=';
    *to++ = i + 2 < bytes.size() ? kDigits[bits & 63] : '=';
  }
  return {begin, size};
}

// How protobuf's JSON mapping writes doubles that are not JSON numbers.
std::string_view SpecialDouble(double value) {
  if (std::isnan(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

}  // namespace

std::string_view OtlpProtoValues::Text(std::string_view bytes) { return RepairUtf8(bytes, arena_); }

JsonError OtlpProtoValues::KeyValue(std::string_view message, std::vector<Attribute>& out) {
  Parts parts;
  if (const JsonError error = ReadKeyValue(message, parts); Failed(error)) return error;
  if (parts.key.empty()) return JsonError::kOk;
  Attribute& attribute = out.emplace_back();
  attribute.key = Text(parts.key);
  const JsonError error = AnyValue(parts.value, attribute.value);
  if (Failed(error)) out.pop_back();
  return error;
}

JsonError OtlpProtoValues::AppendKeyValue(std::string_view message, std::string& out, int depth) {
  Parts parts;
  if (const JsonError error = ReadKeyValue(message, parts); Failed(error)) return error;
  AppendJsonString(Text(parts.key), out);
  out += ':';
  if (parts.has_value) return AppendAny(parts.value, out, depth);
  out += "null";
  return JsonError::kOk;
}

JsonError OtlpProtoValues::ReadKeyValue(std::string_view message, Parts& parts) {
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    if (field.number != kKey && field.number != kValue) continue;
    if (field.type != ProtoType::kBytes) return JsonError::kWrongType;
    if (field.number == kKey) {
      parts.key = field.bytes;
    } else {
      parts.value = field.bytes;
      parts.has_value = true;
    }
  }
  return Complete(cursor);
}

// The last value counts, as in any oneof. `value.number` is kNoValue if there is none.
JsonError OtlpProtoValues::ReadAnyValue(std::string_view message, ProtoField& value) {
  ProtoCursor cursor(message);
  value.number = kNoValue;
  for (ProtoField field; cursor.Next(field);) {
    if (field.number > kBytesValue) continue;
    if (field.type != TypeOf(field.number)) return JsonError::kWrongType;
    value = field;
  }
  return Complete(cursor);
}

JsonError OtlpProtoValues::AnyValue(std::string_view message, Value& out) {
  ProtoField value;
  if (const JsonError error = ReadAnyValue(message, value); Failed(error)) return error;
  if (value.number != kArrayValue && value.number != kKeyValueList) {
    out = Scalar(value);
    return JsonError::kOk;
  }
  scratch_.clear();
  const JsonError error = AppendItems(value, scratch_, 0);
  if (!Failed(error)) out = Value::Json(arena_.Copy(scratch_));
  return error;
}

Value OtlpProtoValues::Scalar(const ProtoField& value) {
  switch (value.number) {
    case kStringValue:
      return Value::Text(Text(value.bytes));
    case kBoolValue:
      return Value::Bool(value.integer != 0);
    case kIntValue:
      return Value::Int(static_cast<std::int64_t>(value.integer));
    case kDoubleValue:
      return Value::Double(std::bit_cast<double>(value.integer));
    case kBytesValue:
      return {Value::Type::kBytes, 0, 0, Base64(value.bytes, arena_)};
    default:
      return {};
  }
}

// Depths are counted as OtlpValues counts them, so that both keep the same values.
JsonError OtlpProtoValues::AppendAny(std::string_view message, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return JsonError::kTooDeep;
  ProtoField value;
  if (const JsonError error = ReadAnyValue(message, value); Failed(error)) return error;
  if (value.number == kArrayValue || value.number == kKeyValueList) {
    return AppendItems(value, out, depth + 1);
  }
  const Value scalar = Scalar(value);
  const bool is_special = scalar.type == Value::Type::kDouble && !std::isfinite(scalar.real);
  AppendJsonValue(is_special ? Value::Text(SpecialDouble(scalar.real)) : scalar, out);
  return JsonError::kOk;
}

JsonError OtlpProtoValues::AppendItems(const ProtoField& value, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return JsonError::kTooDeep;
  const bool is_map = value.number == kKeyValueList;
  char separator = is_map ? '{' : '[';
  ProtoCursor cursor(value.bytes);
  for (ProtoField item; cursor.Next(item);) {
    if (item.number != kValues) continue;
    if (item.type != ProtoType::kBytes) return JsonError::kWrongType;
    out += std::exchange(separator, ',');
    const JsonError error =
        is_map ? AppendKeyValue(item.bytes, out, depth + 1) : AppendAny(item.bytes, out, depth + 1);
    if (Failed(error)) return error;
  }
  if (separator != ',') out += separator;
  out += is_map ? '}' : ']';
  return Complete(cursor);
}

}  // namespace halo
