// SPDX-License-Identifier: MIT
// Attributes and values as OTLP writes them in protobuf. They become what the same values give in
// OTLP/JSON (otlp_values.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/importers/proto_cursor.h"
#include "engine/json/arena.h"
#include "engine/json/json_error.h"
#include "engine/model/span.h"

namespace halo {

// Of the errors of JSON values only kWrongType (the message is not a valid one of its type) and
// kTooDeep occur; either costs the value alone. One thread.
class OtlpProtoValues {
 public:
  // Texts that are not views of the message are in the arena.
  explicit OtlpProtoValues(Arena& arena) : arena_(arena) {}

  // A text, with U+FFFD for what is not UTF-8.
  std::string_view Text(std::string_view bytes);
  // Appends the attribute of a KeyValue message. One without a key is left out, as in OTLP/JSON.
  JsonError KeyValue(std::string_view message, std::vector<Attribute>& out);
  // The value of an AnyValue message.
  JsonError AnyValue(std::string_view message, Value& out);
  // Appends a KeyValue message as a member of a JSON object.
  JsonError AppendKeyValue(std::string_view message, std::string& out, int depth);

 private:
  struct Parts {
    std::string_view key, value;
    bool has_value = false;
  };

  static JsonError ReadKeyValue(std::string_view message, Parts& parts);
  static JsonError ReadAnyValue(std::string_view message, ProtoField& value);
  JsonError AppendAny(std::string_view message, std::string& out, int depth);
  JsonError AppendItems(const ProtoField& value, std::string& out, int depth);
  Value Scalar(const ProtoField& value);

  Arena& arena_;
  std::string scratch_;
};

}  // namespace halo
