// SPDX-License-Identifier: MIT
// An OpenTelemetry span, the common in-memory form of all input formats. A Span does not own its
// text; the views are valid during the importer's callback that passes it.
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

  // Whether `text` holds the value.
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

// The resource and scope, shared by spans of one exporter.
struct Resource {
  std::vector<Attribute> attributes;
  std::string_view scope_name;
  std::string_view scope_version;
  std::vector<Attribute> scope_attributes;
};

// An attribute that importers add where a format gives an order but no times: the position of the
// span in its trace, from 1. It alone orders such spans; a time that is not given stays unknown.
inline constexpr std::string_view kSequenceKey = "halo.sequence";
// An attribute in exports, of a span that has ended at a time that is not known: OTLP has no other
// way to tell it from one that is still open.
inline constexpr std::string_view kEndTimeKey = "halo.end_time";
// Where only the new messages of a prompt are kept: the user messages in the whole prompt.
inline constexpr std::string_view kUserTurnsKey = "halo.user_turns";

struct Span {
  std::string_view trace_id;   // any non-empty text; hex ids are lower-cased by the importer
  std::string_view span_id;    // any non-empty text
  std::string_view parent_id;  // empty: a root
  std::string_view trace_state;
  std::string_view name;
  std::string_view otel_kind;  // "SERVER", "CLIENT", ...; empty if not given
  std::int64_t start_ns = 0;   // since the Unix epoch; 0: not given
  std::int64_t end_ns = 0;     // 0: still open
  StatusCode status = StatusCode::kUnset;
  std::string_view status_message;
  std::vector<Attribute> attributes;
  std::vector<Event> events;
  std::string_view links;              // compact JSON array, empty for none
  const Resource* resource = nullptr;  // never null in spans from an importer
};

}  // namespace halo
