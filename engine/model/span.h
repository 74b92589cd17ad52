// SPDX-License-Identifier: MIT
// The one in-memory shape that every input format becomes: an OpenTelemetry span. A Span owns
// none of its text; the views live as long as the importer's callback that hands it out.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace halo {

struct Value {
  enum class Type : std::uint8_t {
    kNull,
    kBool,
    kInt,
    kDouble,
    kText,  // decoded, valid UTF-8
    kJson,  // an array or object, as compact JSON text
    kBytes  // base64 text, as OTLP/JSON writes bytes
  };

  static Value Bool(bool value) { return {Type::kBool, value, 0, {}}; }
  static Value Int(std::int64_t value) { return {Type::kInt, value, 0, {}}; }
  static Value Double(double value) { return {Type::kDouble, 0, value, {}}; }
  static Value Text(std::string_view value) { return {Type::kText, 0, 0, value}; }
  static Value Json(std::string_view value) { return {Type::kJson, 0, 0, value}; }

  // Text or JSON as it would be quoted; empty for the other types.
  bool has_text() const { return type >= Type::kText; }

  Type type = Type::kNull;
  std::int64_t integer = 0;  // kBool: 0 or 1
  double real = 0;
  std::string_view text;
};

struct Attribute {
  std::string_view key;
  Value value;
};

struct Event {
  std::string_view name;
  std::int64_t time_ns = 0;
  std::vector<Attribute> attributes;
};

enum class StatusCode : std::uint8_t { kUnset, kOk, kError };

// What spans of one exporter process share.
struct Resource {
  std::vector<Attribute> attributes;
  std::string_view scope_name;
  std::string_view scope_version;
  std::vector<Attribute> scope_attributes;
};

struct Span {
  std::string_view trace_id;   // any non-empty text; hex ids are lower-cased by the importer
  std::string_view span_id;    // any non-empty text
  std::string_view parent_id;  // empty: a root
  std::string_view trace_state;
  std::string_view name;
  std::string_view otel_kind;  // "SERVER", "CLIENT", ...; empty when not given
  std::int64_t start_ns = 0;   // since the Unix epoch; 0: not given
  std::int64_t end_ns = 0;     // 0: still open
  StatusCode status = StatusCode::kUnset;
  std::string_view status_message;
  std::vector<Attribute> attributes;
  std::vector<Event> events;
  std::string_view links;              // compact JSON array, empty for none
  const Resource* resource = nullptr;  // never null when an importer hands the span out
};

}  // namespace halo
