// SPDX-License-Identifier: MIT
// Reads attributes and values of OTLP/JSON: lists of {key, value: {stringValue: ...}}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json/json_cursor.h"
#include "engine/json/json_fields.h"
#include "engine/json/json_values.h"
#include "engine/model/span.h"

namespace halo {

// Returns the errors of JsonValues. Also accepts values without a wrapper, and attributes that are
// an object instead of a list, since several emitters write them. Not thread-safe.
class OtlpValues {
 public:
  explicit OtlpValues(JsonValues& values) : values_(values) {}

  // Appends the attributes to `out`.
  JsonError Attributes(Json& json, std::vector<Attribute>& out);
  JsonError AnyValue(Json& json, Value& out);
  // Appends the attributes as one compact JSON object.
  JsonError AppendAttributes(Json& json, std::string& out, int depth);

 private:
  enum class Wrap : std::uint8_t;

  JsonError KeyValue(Json& json, std::vector<Attribute>& out);
  JsonError AppendAny(Json& json, std::string& out, int depth);
  JsonError AppendUnwrapped(Wrap wrap, Json& json, std::string& out, int depth);
  JsonError AppendFromStart(JsonObject& object, std::string& out, int depth);
  JsonError AppendItems(Json& json, bool key_values, std::string& out, int depth);
  JsonError AppendKeyValue(Json& json, std::string& out, int depth);

  Wrap WrapOf(RawString key);
  Wrap WrapOfOther(RawString key);
  static Value Unquote(Wrap wrap, std::string_view text);
  // The value under the name of a wrapper.
  JsonError Unwrap(Wrap wrap, Json& json, Value& out);
  JsonError UnwrapOther(Wrap wrap, Json& json, Value& out);

  JsonValues& values_;
  KeyFinder wraps_;
  std::string scratch_;
};

}  // namespace halo
