// SPDX-License-Identifier: MIT
#include "tools/story/span_values.h"

#include "engine/codec/span_codec.h"
#include "schemas/json_text.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"

namespace halo {

std::vector<SpanValue> ValuesOf(const Span& span) {
  std::vector<SpanValue> out;
  if (!span.status_message.empty())
    out.push_back({"status.message", Value::Text(span.status_message)});
  for (const Attribute& attribute : span.attributes) {
    out.push_back({Cat("attributes.", attribute.key), attribute.value});
  }
  for (std::size_t i = 0; i < span.events.size(); ++i) {
    const std::string event = Cat("events[", i, "].");
    out.push_back({event + "name", Value::Text(span.events[i].name)});
    for (const Attribute& attribute : span.events[i].attributes) {
      out.push_back({Cat(event, "attributes.", attribute.key), attribute.value});
    }
  }
  if (!span.resource) return out;
  for (const Attribute& attribute : span.resource->attributes) {
    out.push_back({Cat("resource.", attribute.key), attribute.value});
  }
  return out;
}

std::string ValueText(const Value& value) {
  switch (value.type) {
    case Value::Type::kNull:
      return "null";
    case Value::Type::kBool:
      return value.integer ? "true" : "false";
    case Value::Type::kInt:
      return std::to_string(value.integer);
    case Value::Type::kDouble:
      return FormatNumber(value.real);
    default:
      return std::string(value.text);
  }
}

Result<std::string> ValueAtPath(const Span& span, std::string_view path) {
  if (const auto value = ValueAt(span, path)) return ValueText(*value);
  const std::vector<SpanValue> values = ValuesOf(span);
  std::vector<std::string_view> known;
  for (const SpanValue& value : values) {
    if (OneLine(value.path) == path || value.path == path) return ValueText(value.value);
    if (IsPlainPath(value.path)) known.push_back(value.path);
  }
  return Error{Code::kNotFound, Cat("$.path: the span has no value ", Quoted(path),
                                    OneLine(SuggestWord(path, known), 1000))};
}

}  // namespace halo
