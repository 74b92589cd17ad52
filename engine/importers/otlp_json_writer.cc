// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_json_writer.h"

#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/importers/span_times.h"
#include "engine/json/json_print.h"
#include "schemas/json_string.h"

namespace halo {
namespace {

// Values nested more deeply are written as plain JSON, since every level of OTLP has four of JSON.
constexpr int kMaxWrapped = 16;

// ," before every member but the first.
void AppendKey(std::string_view key, std::string& out) {
  if (out.back() != '{') out += ',';
  AppendJsonString(key, out);
  out += ':';
}

void AppendText(std::string_view key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  AppendKey(key, out);
  AppendJsonString(text, out);
}

void AppendTime(std::string_view key, std::int64_t ns, std::string& out) {
  if (ns == 0 || ns == kUnknownEnd) return;
  AppendText(key, std::to_string(ns), out);
}

void AppendDouble(double number, std::string& out) {
  if (std::isnan(number)) {
    out += "\"NaN\"";
  } else if (std::isinf(number)) {
    out += number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char buffer[32];
    const auto end = std::to_chars(buffer, std::end(buffer), number).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    out += text;
    if (text.find_first_of(".e") == text.npos) out += ".0";
  }
}

// A fraction that the reader of doubleValue would write differently, such as 1.0, stays as it is.
void AppendReal(std::string_view written, double number, std::string& out) {
  std::string canonical;
  AppendJsonValue(Value::Double(number), canonical);
  if (canonical == written) {
    out.append("{\"doubleValue\":").append(written).append("}");
  } else {
    out += written;
  }
}

void AppendNode(const JsonNode& node, int depth, std::string& out);

// The items of an array, or the members of an object, as the values of OTLP.
void AppendItems(const JsonNode& node, int depth, std::string& out) {
  out += node.is_array() ? "{\"arrayValue\":{\"values\":[" : "{\"kvlistValue\":{\"values\":[";
  bool first = true;
  for (const JsonNode& item : node) {
    if (!std::exchange(first, false)) out += ',';
    if (node.is_array()) {
      AppendNode(item, depth + 1, out);
      continue;
    }
    out += "{\"key\":";
    AppendJsonString(item.key(), out);
    out += ",\"value\":";
    AppendNode(item, depth + 1, out);
    out += '}';
  }
  out += "]}}";
}

void AppendNode(const JsonNode& node, int depth, std::string& out) {
  std::string_view text;
  std::int64_t integer = 0;
  bool flag = false;
  if (node.is_array() || node.is_object()) {
    if (depth >= kMaxWrapped) {
      out += node.written();
    } else {
      AppendItems(node, depth, out);
    }
  } else if (node.Text(text)) {
    out += "{\"stringValue\":";
    AppendJsonString(text, out);
    out += '}';
  } else if (node.Integer(integer)) {
    out.append("{\"intValue\":\"").append(std::to_string(integer)).append("\"}");
  } else if (node.Bool(flag)) {
    out += flag ? "{\"boolValue\":true}" : "{\"boolValue\":false}";
  } else if (double real = 0; node.Real(real)) {
    AppendReal(node.written(), real, out);
  } else {
    out += "{}";  // null
  }
}

// The number of a span kind; -1 for a word of the emitter's own.
int KindNumber(std::string_view kind) {
  constexpr std::string_view kKinds[] = {"",       "INTERNAL", "SERVER",
                                         "CLIENT", "PRODUCER", "CONSUMER"};
  for (int i = 0; i < static_cast<int>(std::size(kKinds)); ++i) {
    if (kKinds[i] == kind) return i;
  }
  return -1;
}

}  // namespace

void OtlpJsonWriter::AppendJson(std::string_view text, std::string& out) {
  const JsonNode* const node = json_.Parse(text);
  if (node != nullptr && node->is_alone() && (node->is_array() || node->is_object())) {
    return AppendNode(*node, 0, out);
  }
  out += "{\"stringValue\":";
  AppendJsonString(text, out);
  out += '}';
}

void OtlpJsonWriter::AppendValue(const Value& value, std::string& out) {
  switch (value.type) {
    case Value::Type::kNull:
      out += "{}";
      break;
    case Value::Type::kBool:
      out += value.integer != 0 ? "{\"boolValue\":true}" : "{\"boolValue\":false}";
      break;
    case Value::Type::kInt:
      out.append("{\"intValue\":\"").append(std::to_string(value.integer)).append("\"}");
      break;
    case Value::Type::kDouble:
      out += "{\"doubleValue\":";
      AppendDouble(value.real, out);
      out += '}';
      break;
    case Value::Type::kText:
    case Value::Type::kBytes:
      out += value.type == Value::Type::kText ? "{\"stringValue\":" : "{\"bytesValue\":";
      AppendJsonString(value.text, out);
      out += '}';
      break;
    case Value::Type::kJson:
      AppendJson(value.text, out);
      break;
  }
}

void OtlpJsonWriter::AppendAttributes(const std::vector<Attribute>& attributes, std::string& out) {
  if (attributes.empty()) return;
  AppendKey("attributes", out);
  out += '[';
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    out += i == 0 ? "{\"key\":" : ",{\"key\":";
    AppendJsonString(attributes[i].key, out);
    out += ",\"value\":";
    AppendValue(attributes[i].value, out);
    out += '}';
  }
  out += ']';
}

// The links as the importers store them: [{"trace_id":...,"span_id":...,"attributes":{...}}].
void OtlpJsonWriter::AppendLinks(std::string_view links, std::string& out) {
  const JsonNode* const list = links.empty() ? nullptr : json_.Parse(links);
  if (list == nullptr || !list->is_array()) return;
  AppendKey("links", out);
  out += '[';
  bool first = true;
  for (const JsonNode& link : *list) {
    if (!std::exchange(first, false)) out += ',';
    out += '{';
    for (const auto& [from, to] :
         {std::pair{"trace_id", "traceId"}, std::pair{"span_id", "spanId"}}) {
      std::string_view id;
      const JsonNode* const member = link.Find(from);
      if (member != nullptr && member->Text(id)) AppendText(to, id, out);
    }
    if (const JsonNode* const attributes = link.Find("attributes")) {
      AppendKey("attributes", out);
      out += '[';
      bool first_attribute = true;
      for (const JsonNode& attribute : *attributes) {
        out += std::exchange(first_attribute, false) ? "{\"key\":" : ",{\"key\":";
        AppendJsonString(attribute.key(), out);
        out += ",\"value\":";
        AppendNode(attribute, 0, out);
        out += '}';
      }
      out += ']';
    }
    out += '}';
  }
  out += ']';
}

void OtlpJsonWriter::AppendSpan(const Span& span, std::string& out) {
  out += '{';
  AppendText("traceId", span.trace_id, out);
  AppendText("spanId", span.span_id, out);
  AppendText("traceState", span.trace_state, out);
  AppendText("parentSpanId", span.parent_id, out);
  AppendText("name", span.name, out);
  if (const int kind = KindNumber(span.otel_kind); kind > 0) {
    AppendKey("kind", out);
    out += std::to_string(kind);
  } else if (kind < 0) {
    AppendText("kind", span.otel_kind, out);
  }
  AppendTime("startTimeUnixNano", span.start_ns, out);
  AppendTime("endTimeUnixNano", span.end_ns, out);
  if (span.end_ns == kUnknownEnd) {
    std::vector<Attribute> marked = span.attributes;
    marked.push_back({kEndTimeKey, Value::Text("unknown")});
    AppendAttributes(marked, out);
  } else {
    AppendAttributes(span.attributes, out);
  }
  if (!span.events.empty()) {
    AppendKey("events", out);
    out += '[';
    for (std::size_t i = 0; i < span.events.size(); ++i) {
      out += i == 0 ? "{" : ",{";
      AppendTime("timeUnixNano", span.events[i].time_ns, out);
      AppendText("name", span.events[i].name, out);
      AppendAttributes(span.events[i].attributes, out);
      out += '}';
    }
    out += ']';
  }
  AppendLinks(span.links, out);
  if (span.status != StatusCode::kUnset || !span.status_message.empty()) {
    AppendKey("status", out);
    out += '{';
    AppendText("message", span.status_message, out);
    if (span.status != StatusCode::kUnset) {
      AppendKey("code", out);
      out += span.status == StatusCode::kOk ? '1' : '2';
    }
    out += '}';
  }
  out += '}';
}

void OtlpJsonWriter::AppendResource(const Resource& resource, std::string& out) {
  out = "{";
  AppendAttributes(resource.attributes, out);
  out += '}';
}

void OtlpJsonWriter::AppendScope(const Resource& resource, std::string& out) {
  out = "{";
  AppendText("name", resource.scope_name, out);
  AppendText("version", resource.scope_version, out);
  AppendAttributes(resource.scope_attributes, out);
  out += '}';
}

void OtlpJsonWriter::AppendRequest(std::span<const Span* const> spans, std::string& out) {
  out += "{\"resourceSpans\":[";
  bool open = false;
  for (const Span* const span : spans) {
    json_.Reset();
    AppendResource(*span->resource, next_resource_);
    AppendScope(*span->resource, next_scope_);
    const bool same_resource = open && next_resource_ == resource_;
    if (same_resource && next_scope_ == scope_) {
      out += ',';
    } else {
      if (open) out += same_resource ? "]}," : "]}]},";
      if (!same_resource)
        out.append("{\"resource\":").append(next_resource_).append(",\"scopeSpans\":[");
      out.append("{\"scope\":").append(next_scope_).append(",\"spans\":[");
      resource_ = next_resource_;
      scope_ = next_scope_;
      open = true;
    }
    AppendSpan(*span, out);
  }
  out += open ? "]}]}]}" : "]}";
}

}  // namespace halo
