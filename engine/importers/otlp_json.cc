// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_json.h"

#include <memory>
#include <string>
#include <utility>

#include "engine/importers/json_record_reader.h"
#include "engine/importers/otlp_values.h"
#include "engine/importers/span_builder.h"
#include "engine/json/json_keys.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

using simdjson::error_code;

enum class Key : std::uint8_t {
  kOther,
  kResource,
  kScope,
  kEnvelope,
  kResourceSpans,
  kScopeSpans,
  kSpans,
  kTraceId,
  kSpanId,
  kParentSpanId,
  kTraceState,
  kName,
  kKind,
  kStart,
  kEnd,
  kAttributes,
  kEvents,
  kLinks,
  kStatus,
};

struct KeyName {
  std::string_view name, other;  // camelCase, snake_case
  Key key;
};

// In the order in which exporters write them.
constexpr KeyName kSpanKeys[] = {
    {"traceId", "trace_id", Key::kTraceId},
    {"spanId", "span_id", Key::kSpanId},
    {"traceState", "trace_state", Key::kTraceState},
    {"parentSpanId", "parent_span_id", Key::kParentSpanId},
    {"name", "name", Key::kName},
    {"kind", "kind", Key::kKind},
    {"startTimeUnixNano", "start_time_unix_nano", Key::kStart},
    {"endTimeUnixNano", "end_time_unix_nano", Key::kEnd},
    {"attributes", "attributes", Key::kAttributes},
    {"events", "events", Key::kEvents},
    {"links", "links", Key::kLinks},
    {"status", "status", Key::kStatus},
    {"resource", "resource", Key::kResource},
    {"scope", "scope", Key::kScope},
};

constexpr KeyName kContainerKeys[] = {
    {"resource", "resource", Key::kResource},
    {"scope", "scope", Key::kScope},
    {"instrumentationLibrary", "instrumentation_library", Key::kScope},
    {"resourceSpans", "resource_spans", Key::kResourceSpans},
    {"scopeSpans", "scope_spans", Key::kScopeSpans},
    {"instrumentationLibrarySpans", "instrumentation_library_spans", Key::kScopeSpans},
    {"spans", "spans", Key::kSpans},
    {kEnvelopeKey, kEnvelopeKey, Key::kEnvelope},
    {"traceId", "trace_id", Key::kTraceId},
    {"spanId", "span_id", Key::kSpanId},
    {"startTimeUnixNano", "start_time_unix_nano", Key::kStart},
};

class OtlpJsonReader final : public JsonRecordReader {
 private:
  void ReadEnclosing(std::string_view resource, std::string_view scope) override;
  error_code ReadObject(Json object) override;

  error_code ReadContainer(Json object, bool& has_spans);
  error_code ReadEnvelope(Json json, bool& has_spans);
  error_code FindEnclosing(Json object);
  error_code ReadList(Json json, Key list);
  error_code ReadResource(Json json);
  error_code ReadScope(Json json);

  error_code ReadSpan(Json object);
  error_code ReadField(Key key, Json json);
  error_code ReadEvent(Json json);
  error_code ReadLinks(Json json);
  error_code AppendLink(Json json, std::string& out);

  Key ContainerKey(RawString key) {
    const std::size_t index = container_keys_.Find(kContainerKeys, key);
    return index < std::size(kContainerKeys) ? kContainerKeys[index].key : Key::kOther;
  }

  OtlpValues otlp_{values()};
  KeyFinder span_keys_, container_keys_;
  Resource resource_;
  SpanBuilder builder_;
  std::string scratch_;
};

void OtlpJsonReader::ReadEnclosing(std::string_view resource, std::string_view scope) {
  resource_ = {};
  const auto read = [&](std::string_view text, error_code (OtlpJsonReader::*part)(Json)) {
    Json json;
    if (text.empty() || cursor().Open(text, json)) return;
    // The spans of a broken one go without what follows the break.
    static_cast<void>((this->*part)(json));
  };
  read(resource, &OtlpJsonReader::ReadResource);
  read(scope, &OtlpJsonReader::ReadScope);
}

error_code OtlpJsonReader::ReadObject(Json object) {
  bool has_spans = false;
  const error_code error = ReadContainer(object, has_spans);
  if (!error && !has_spans) {
    Refuse(kNotASpan, object.data(), "neither resourceSpans nor a traceId in it");
  }
  return error;
}

// A request, one of its resourceSpans or scopeSpans, or a span: the first key that only one of
// them has tells.
error_code OtlpJsonReader::ReadContainer(Json object, bool& has_spans) {
  bool enclosing_known = false;
  bool is_span = false;
  const error_code error = object.ForEachField([&](RawString name, Json json) {
    switch (const Key key = ContainerKey(name)) {
      case Key::kOther:
        return simdjson::SUCCESS;
      case Key::kResource:
        enclosing_known = true;
        return ReadResource(json);
      case Key::kScope:
        enclosing_known = true;
        return ReadScope(json);
      case Key::kEnvelope:
        return ReadEnvelope(json, has_spans);
      case Key::kResourceSpans:
      case Key::kScopeSpans:
      case Key::kSpans:
        has_spans = true;
        if (key != Key::kResourceSpans && !std::exchange(enclosing_known, true)) {
          if (const error_code inner = FindEnclosing(object)) return inner;
        }
        return ReadList(json, key);
      default:
        is_span = true;
        return simdjson::INCORRECT_TYPE;
    }
  });
  if (!is_span) return error;
  has_spans = true;
  return ReadSpan(object);
}

// Jaeger and other services behind a gRPC gateway wrap each part of their answer. An answer may
// have an empty part, which holds spans as an empty list does.
error_code OtlpJsonReader::ReadEnvelope(Json json, bool& has_spans) {
  if (json.type() != JsonType::kObject) return simdjson::SUCCESS;
  if (!json.Matches<'{', '}'>()) return ReadContainer(json, has_spans);
  has_spans = true;
  return simdjson::SUCCESS;
}

// The resource or scope may stand behind the spans that it belongs to.
error_code OtlpJsonReader::FindEnclosing(Json object) {
  return object.ForEachField([&](RawString name, Json json) {
    const Key key = ContainerKey(name);
    if (key == Key::kResource) return ReadResource(json);
    if (key == Key::kScope) return ReadScope(json);
    return simdjson::SUCCESS;
  });
}

error_code OtlpJsonReader::ReadList(Json json, Key list) {
  const error_code error = json.ForEachItem([&](Json item) {
    if (item.type() != JsonType::kObject) {
      Refuse(kWrongType, item.data(), "an object was expected");
      return simdjson::SUCCESS;
    }
    if (list == Key::kSpans) return ReadSpan(item);
    if (list == Key::kResourceSpans) resource_.attributes.clear();
    resource_.scope_name = resource_.scope_version = {};
    resource_.scope_attributes.clear();
    bool has_spans = false;
    return ReadContainer(item, has_spans);
  });
  return error == simdjson::INCORRECT_TYPE ? simdjson::SUCCESS : error;
}

error_code OtlpJsonReader::ReadResource(Json json) {
  resource_.attributes.clear();
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    return key.Is("attributes") ? otlp_.Attributes(value, resource_.attributes) : simdjson::SUCCESS;
  });
  return values().SkipMalformed(error, json, "resource");
}

error_code OtlpJsonReader::ReadScope(Json json) {
  resource_.scope_attributes.clear();
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    if (key.Is("name")) return values().Text(value, resource_.scope_name);
    if (key.Is("version")) return values().Text(value, resource_.scope_version);
    if (key.Is("attributes")) return otlp_.Attributes(value, resource_.scope_attributes);
    return simdjson::SUCCESS;
  });
  return values().SkipMalformed(error, json, "scope");
}

error_code OtlpJsonReader::ReadSpan(Json object) {
  builder_.Clear();
  const error_code error = object.ForEachField([&](RawString name, Json json) {
    const std::size_t index = span_keys_.Find(kSpanKeys, name);
    if (index == std::size(kSpanKeys)) return simdjson::SUCCESS;
    const Key key = kSpanKeys[index].key;
    const error_code inner = ReadField(key, json);
    return inner ? FailField(inner, json, kSpanKeys[index].name, IsVital(key), builder_) : inner;
  });
  if (error) return error;
  builder_.span.resource = &resource_;
  EndSpan(builder_, object.data());
  return simdjson::SUCCESS;
}

error_code OtlpJsonReader::ReadField(Key key, Json json) {
  Span& span = builder_.span;
  switch (key) {
    case Key::kTraceId:
      return ReadId(json, 16, span.trace_id);
    case Key::kSpanId:
      return ReadId(json, 8, span.span_id);
    case Key::kParentSpanId:
      return ReadId(json, 8, span.parent_id);
    case Key::kTraceState:
      return ReadString(json, span.trace_state);
    case Key::kName:
      return ReadString(json, span.name);
    case Key::kKind:
      return ReadKind(json, span.otel_kind);
    case Key::kStart:
      return ReadSpanTime(json, "startTimeUnixNano", builder_, builder_.start);
    case Key::kEnd:
      return ReadSpanTime(json, "endTimeUnixNano", builder_, builder_.end);
    case Key::kAttributes:
      return json.IsNull() ? simdjson::SUCCESS : otlp_.Attributes(json, span.attributes);
    case Key::kEvents:
      return json.IsNull() ? simdjson::SUCCESS : json.ForEachItem([&](Json item) {
        return values().SkipMalformed(ReadEvent(item), item, "event");
      });
    case Key::kLinks:
      return json.IsNull() ? simdjson::SUCCESS : ReadLinks(json);
    case Key::kStatus:
      return ReadStatus(json, span);
    case Key::kResource:
      return ReadResource(json);
    default:
      return ReadScope(json);
  }
}

error_code OtlpJsonReader::ReadEvent(Json json) {
  if (json.type() != JsonType::kObject) return simdjson::INCORRECT_TYPE;
  Event& event = builder_.AddEvent();
  return json.ForEachField([&](RawString key, Json value) {
    error_code error = simdjson::SUCCESS;
    if (key.Is("name")) {
      error = ReadString(value, event.name);
    } else if (key.Is("timeUnixNano") || key.Is("time_unix_nano")) {
      error = ReadEventTime(value, event.time_ns);
    } else if (key.Is("attributes")) {
      error = otlp_.Attributes(value, event.attributes);
    }
    return values().SkipMalformed(error, value, "part of an event");
  });
}

error_code OtlpJsonReader::ReadLinks(Json json) {
  scratch_ = "[";
  const error_code error = json.ForEachItem(
      [&](Json item) { return values().SkipMalformed(AppendLink(item, scratch_), item, "link"); });
  if (scratch_.size() > 1) builder_.span.links = values().arena().Copy(scratch_ += ']');
  return error;
}

// {"trace_id": ..., "span_id": ..., "attributes": {...}} behind a list that begins with a bracket.
error_code OtlpJsonReader::AppendLink(Json json, std::string& out) {
  std::string_view trace_id, span_id;
  std::string attributes;
  const error_code error = json.ForEachField([&](RawString key, Json value) {
    if (key.Is("traceId") || key.Is("trace_id")) return ReadId(value, 16, trace_id);
    if (key.Is("spanId") || key.Is("span_id")) return ReadId(value, 8, span_id);
    if (!key.Is("attributes")) return simdjson::SUCCESS;
    attributes.clear();
    return otlp_.AppendAttributes(value, attributes, 0);
  });
  if (error) return error;
  out += out.size() > 1 ? ",{\"trace_id\":" : "{\"trace_id\":";
  AppendJsonString(trace_id, out);
  out += ",\"span_id\":";
  AppendJsonString(span_id, out);
  if (attributes.size() > 2) out.append(",\"attributes\":").append(attributes);
  out += '}';
  return simdjson::SUCCESS;
}

bool HasSpanLists(const JsonKeys& keys) {
  for (const KeyName& list : kContainerKeys) {
    const bool is_list = list.key == Key::kResourceSpans || list.key == Key::kScopeSpans;
    if (is_list && (keys.Has(list.name) || keys.Has(list.other))) return true;
  }
  return false;
}

bool Sniff(std::string_view head) {
  const JsonKeys keys = TopKeys(head);
  if (HasSpanLists(keys) || HasSpanLists(TopKeys(keys.ValueOf(kEnvelopeKey)))) return true;
  return (keys.Has("traceId") || keys.Has("trace_id")) &&
         (keys.Has("startTimeUnixNano") || keys.Has("start_time_unix_nano"));
}

}  // namespace

const Importer kOtlpJson = {
    "otlp_json",
    "OTLP/JSON: ExportTraceServiceRequest documents or lines ({\"resourceSpans\": ...}), arrays of "
    "them, or one span a line; the OpenTelemetry Collector's file exporter writes it, and Jaeger's "
    "/api/v3/traces answers with it",
    Sniff, [] { return std::unique_ptr<RecordReader>(std::make_unique<OtlpJsonReader>()); }};

}  // namespace halo
