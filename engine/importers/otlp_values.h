// SPDX-License-Identifier: MIT
// Attributes and values as OTLP/JSON writes them: lists of {key, value: {stringValue: ...}}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json/json_values.h"
#include "engine/model/span.h"

namespace halo {

// Errors are those of JsonValues. Values that are not wrapped, and attributes that are an object
// instead of a list, are taken as they stand: several emitters write them.
class OtlpValues {
 public:
  using ErrorCode = simdjson::error_code;

  explicit OtlpValues(JsonValues& values) : values_(values) {}

  // Adds to `out`.
  ErrorCode Attributes(Json json, std::vector<Attribute>& out);
  ErrorCode AnyValue(Json json, Value& out);
  // The attributes as one compact JSON object, behind `out`.
  ErrorCode AppendAttributes(Json json, std::string& out, int depth);

 private:
  enum class Wrap : std::uint8_t;

  ErrorCode KeyValue(Json json, std::vector<Attribute>& out);
  ErrorCode AppendAny(Json json, std::string& out, int depth);
  ErrorCode AppendItems(Json json, bool key_values, std::string& out, int depth);
  ErrorCode AppendKeyValue(Json json, std::string& out, int depth);

  Wrap WrapOf(RawString key);
  Wrap WrapOfOther(RawString key);
  static Value Unquote(Wrap wrap, std::string_view text);
  // The value that stands under the name of a wrapper.
  ErrorCode Unwrap(Wrap wrap, Json json, Value& out);
  ErrorCode UnwrapOther(Wrap wrap, Json json, Value& out);

  JsonValues& values_;
  KeyFinder wraps_;
  std::string scratch_;
};

}  // namespace halo
