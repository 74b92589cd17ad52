// SPDX-License-Identifier: MIT
#include "engine/json/json_values.h"

#include <utility>

#include "schemas/json_string.h"

namespace halo {

void JsonValues::RecordLoss(const Json& json, std::string_view what, std::string_view reason) {
  losses_.push_back({reason, json.data(), what});
}

JsonError JsonValues::RecordLossFor(JsonError error, const Json& json, std::string_view what) {
  if (error == JsonError::kWrongType) {
    RecordLoss(json, what);
  } else if (error == JsonError::kTooDeep) {
    RecordLoss(json, what, kNestedTooDeeply);
  } else {
    return error;
  }
  return JsonError::kOk;
}

JsonError JsonValues::Plain(Json& json, Value& out) {
  switch (json.type()) {
    case JsonType::kNone:
      return JsonError::kInvalid;
    case JsonType::kString:
      out.type = Value::Type::kText;
      return Text(json, out.text);
    case JsonType::kNumber: {
      std::int64_t integer;
      double real;
      if (!Failed(json.Int64(integer))) {
        out = Value::Int(integer);
        return JsonError::kOk;
      }
      if (const JsonError error = json.Double(real); Failed(error)) return error;
      out = Value::Double(real);
      return JsonError::kOk;
    }
    case JsonType::kBool: {
      bool truth;
      if (const JsonError error = json.Bool(truth); Failed(error)) return error;
      out = Value::Bool(truth);
      return JsonError::kOk;
    }
    case JsonType::kNull:
      out = {};
      return json.IsNull() ? JsonError::kOk : JsonError::kInvalid;
    default: {
      scratch_.clear();
      if (const JsonError error = AppendJson(json, scratch_); Failed(error)) return error;
      out = Value::Json(arena_.Copy(scratch_));
      return JsonError::kOk;
    }
  }
}

JsonError JsonValues::AppendJson(Json& json, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return JsonError::kTooDeep;
  switch (json.type()) {
    case JsonType::kNone:
      return JsonError::kInvalid;
    case JsonType::kArray: {
      char separator = '[';
      const JsonError error = json.ForEachItem([&](Json& item) {
        out += std::exchange(separator, ',');
        return AppendJson(item, out, depth + 1);
      });
      out += separator == '[' ? "[]" : "]";
      return error;
    }
    case JsonType::kObject: {
      JsonObject object;
      const JsonError error = object.Open(json);
      return Failed(error) ? error : AppendObject(object, out, depth);
    }
    case JsonType::kString: {
      std::string_view text;
      if (const JsonError error = Text(json, text); Failed(error)) return error;
      AppendJsonString(text, out);
      return JsonError::kOk;
    }
    case JsonType::kNumber: {
      double real;
      out += json.Scalar();
      return json.Double(real);
    }
    case JsonType::kBool: {
      bool truth;
      if (const JsonError error = json.Bool(truth); Failed(error)) return error;
      out += truth ? "true" : "false";
      return JsonError::kOk;
    }
    case JsonType::kNull:
      out += "null";
      return json.IsNull() ? JsonError::kOk : JsonError::kInvalid;
  }
  return JsonError::kInvalid;
}

JsonError JsonValues::AppendObject(JsonObject& object, std::string& out, int depth) {
  char separator = '{';
  const JsonError error = object.ForEachField([&](RawString key, Json& value) {
    std::string_view name;
    if (const JsonError inner = Decode(key, name); Failed(inner)) return inner;
    out += std::exchange(separator, ',');
    AppendJsonString(name, out);
    out += ':';
    return AppendJson(value, out, depth + 1);
  });
  out += separator == '{' ? "{}" : "}";
  return error;
}

}  // namespace halo
