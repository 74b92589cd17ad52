// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_json.h"

#include <memory>
#include <string>

#include "engine/importers/json_keys.h"
#include "engine/importers/json_record_reader.h"
#include "engine/importers/otlp_values.h"
#include "engine/importers/reject_reasons.h"
#include "engine/importers/span_builder.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

enum class Key : std::uint8_t {
  kOther,
  kResource,
  kScope,
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
    {"traceId", "trace_id", Key::kTraceId},
    {"spanId", "span_id", Key::kSpanId},
    {"startTimeUnixNano", "start_time_unix_nano", Key::kStart},
};

class OtlpJsonReader final : public JsonRecordReader {
 private:
  void ReadEnclosing(std::string_view resource, std::string_view scope) override;
  error_code ReadObject(Object& object, const char* where) override;

  error_code ReadContainer(Object& object, const char* where, bool enclosing_known,
                           bool& has_spans);
  error_code FindEnclosing(Object& object);
  error_code ReadList(Json& json, Key list);
  error_code ReadResource(Json& json);
  error_code ReadScope(Json& json);

  error_code ReadSpan(Object& object, const char* where);
  error_code ReadField(Key key, Json& json);
  error_code ReadTime(Json& json, std::string_view field, std::int64_t& out);
  error_code ReadEvent(Json& json);
  error_code ReadLinks(Json& json);
  error_code AppendLink(Json& json, std::string& out);

  Key ContainerKey(RawKey key) {
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
  const auto read = [&](std::string_view text, error_code (OtlpJsonReader::*part)(Json&)) {
    ondemand::document document;
    Json json;
    if (text.empty() || Open(text, document) || document.get_value().get(json)) return;
    // The spans of a broken one go without what follows the break.
    static_cast<void>((this->*part)(json));
  };
  read(resource, &OtlpJsonReader::ReadResource);
  read(scope, &OtlpJsonReader::ReadScope);
}

error_code OtlpJsonReader::ReadObject(Object& object, const char* where) {
  bool has_spans = false;
  const error_code error = ReadContainer(object, where, false, has_spans);
  if (!error && !has_spans) Refuse(kNotASpan, where, "neither resourceSpans nor a traceId in it");
  return error;
}

// A request, one of its resourceSpans or scopeSpans, or a span: the first key that only one of
// them has tells.
error_code OtlpJsonReader::ReadContainer(Object& object, const char* where, bool enclosing_known,
                                         bool& has_spans) {
  for (auto member : object) {
    if (const error_code error = member.error()) return error;
    ondemand::field&& field = std::move(member).value_unsafe();
    error_code error = simdjson::SUCCESS;
    switch (const Key key = ContainerKey(RawKey(field.key().raw()))) {
      case Key::kOther:
        break;
      case Key::kResource:
        enclosing_known = true;
        error = ReadResource(field.value());
        break;
      case Key::kScope:
        enclosing_known = true;
        error = ReadScope(field.value());
        break;
      case Key::kResourceSpans:
      case Key::kScopeSpans:
      case Key::kSpans:
        has_spans = true;
        if (key != Key::kResourceSpans && !enclosing_known) {
          if (error = FindEnclosing(object); error) return error;
          return ReadContainer(object, where, true, has_spans);
        }
        error = ReadList(field.value(), key);
        break;
      default:
        has_spans = true;
        if (error = object.reset().error(); error) return error;
        return ReadSpan(object, where);
    }
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

// The resource or scope may stand behind the spans that it belongs to.
error_code OtlpJsonReader::FindEnclosing(Object& object) {
  if (const error_code error = object.reset().error()) return error;
  const error_code error = ForEachField(object, [&](RawKey name, Json& json) {
    const Key key = ContainerKey(name);
    if (key == Key::kResource) return ReadResource(json);
    if (key == Key::kScope) return ReadScope(json);
    return simdjson::SUCCESS;
  });
  return error ? error : object.reset().error();
}

error_code OtlpJsonReader::ReadList(Json& json, Key list) {
  const error_code error = ForEachItem(json, [&](Json& item) {
    const char* const where = item.raw_json_token().data();
    Object object;
    if (const error_code inner = item.get_object().get(object)) {
      if (inner != simdjson::INCORRECT_TYPE) return inner;
      Refuse(kWrongType, where, "an object was expected");
      return simdjson::SUCCESS;
    }
    if (list == Key::kSpans) return ReadSpan(object, where);
    if (list == Key::kResourceSpans) resource_.attributes.clear();
    resource_.scope_name = resource_.scope_version = {};
    resource_.scope_attributes.clear();
    bool has_spans = false;
    return ReadContainer(object, where, false, has_spans);
  });
  return error == simdjson::INCORRECT_TYPE ? simdjson::SUCCESS : error;
}

error_code OtlpJsonReader::ReadResource(Json& json) {
  Object object;
  resource_.attributes.clear();
  error_code error = json.get_object().get(object);
  if (!error) {
    error = ForEachField(object, [&](RawKey key, Json& value) {
      return key.Is("attributes") ? otlp_.Attributes(value, resource_.attributes)
                                  : simdjson::SUCCESS;
    });
  }
  return values().OrLose(error, json, "resource");
}

error_code OtlpJsonReader::ReadScope(Json& json) {
  Object object;
  resource_.scope_attributes.clear();
  error_code error = json.get_object().get(object);
  if (!error) {
    error = ForEachField(object, [&](RawKey key, Json& value) {
      if (key.Is("name")) return values().Text(value, resource_.scope_name);
      if (key.Is("version")) return values().Text(value, resource_.scope_version);
      if (key.Is("attributes")) return otlp_.Attributes(value, resource_.scope_attributes);
      return simdjson::SUCCESS;
    });
  }
  return values().OrLose(error, json, "scope");
}

error_code OtlpJsonReader::ReadSpan(Object& object, const char* where) {
  builder_.Clear();
  for (auto member : object) {
    if (const error_code error = member.error()) return error;
    ondemand::field&& field = std::move(member).value_unsafe();
    const std::size_t index = span_keys_.Find(kSpanKeys, RawKey(field.key().raw()));
    if (index == std::size(kSpanKeys)) continue;
    const Key key = kSpanKeys[index].key;
    const error_code error = EndField(ReadField(key, field.value()), field.value(),
                                      kSpanKeys[index].name, IsVital(key), builder_);
    if (error) return error;
  }
  builder_.span.resource = &resource_;
  EndSpan(builder_, where);
  return simdjson::SUCCESS;
}

error_code OtlpJsonReader::ReadField(Key key, Json& json) {
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
      return ReadTime(json, "startTimeUnixNano", span.start_ns);
    case Key::kEnd:
      return ReadTime(json, "endTimeUnixNano", span.end_ns);
    case Key::kAttributes:
      return IsNull(json) ? simdjson::SUCCESS : otlp_.Attributes(json, span.attributes);
    case Key::kEvents:
      return IsNull(json) ? simdjson::SUCCESS : ForEachItem(json, [&](Json& item) {
        return values().OrLose(ReadEvent(item), item, "event");
      });
    case Key::kLinks:
      return IsNull(json) ? simdjson::SUCCESS : ReadLinks(json);
    case Key::kStatus:
      return ReadStatus(json, span);
    case Key::kResource:
      return ReadResource(json);
    default:
      return ReadScope(json);
  }
}

error_code OtlpJsonReader::ReadTime(Json& json, std::string_view field, std::int64_t& out) {
  bool ok;
  if (IsNull(json)) return simdjson::SUCCESS;
  if (const error_code error = values().Integer(json, out, ok)) return error;
  if (!ok || out < 0) builder_.SetProblem(kInvalidTimestamp, field);
  return simdjson::SUCCESS;
}

error_code OtlpJsonReader::ReadEvent(Json& json) {
  Object object;
  if (const error_code error = json.get_object().get(object)) return error;
  Event& event = builder_.AddEvent();
  return ForEachField(object, [&](RawKey key, Json& value) {
    error_code error = simdjson::SUCCESS;
    if (key.Is("name")) {
      error = ReadString(value, event.name);
    } else if (key.Is("timeUnixNano") || key.Is("time_unix_nano")) {
      bool ok = true;
      if (!IsNull(value)) error = values().Integer(value, event.time_ns, ok);
      if (!ok || event.time_ns < 0) {
        event.time_ns = 0;
        values().Lose(value, "time of an event");
      }
    } else if (key.Is("attributes")) {
      error = otlp_.Attributes(value, event.attributes);
    }
    return values().OrLose(error, value, "part of an event");
  });
}

error_code OtlpJsonReader::ReadLinks(Json& json) {
  scratch_ = "[";
  const error_code error = ForEachItem(
      json, [&](Json& item) { return values().OrLose(AppendLink(item, scratch_), item, "link"); });
  if (scratch_.size() > 1) builder_.span.links = values().arena().Copy(scratch_ += ']');
  return error;
}

// {"trace_id": ..., "span_id": ..., "attributes": {...}} behind a list that begins with a bracket.
error_code OtlpJsonReader::AppendLink(Json& json, std::string& out) {
  Object object;
  if (const error_code error = json.get_object().get(object)) return error;
  std::string_view trace_id, span_id;
  std::string attributes;
  const error_code error = ForEachField(object, [&](RawKey key, Json& value) {
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

bool Sniff(std::string_view head) {
  const JsonKeys keys = TopKeys(head);
  for (const KeyName& list : kContainerKeys) {
    const bool is_list = list.key == Key::kResourceSpans || list.key == Key::kScopeSpans;
    if (is_list && (keys.Has(list.name) || keys.Has(list.other))) return true;
  }
  return (keys.Has("traceId") || keys.Has("trace_id")) &&
         (keys.Has("startTimeUnixNano") || keys.Has("start_time_unix_nano"));
}

}  // namespace

const Importer kOtlpJson = {
    "otlp_json",
    "OTLP/JSON: ExportTraceServiceRequest documents or lines ({\"resourceSpans\": ...}), arrays of "
    "them, or one span a line",
    Sniff, [] { return std::unique_ptr<RecordReader>(std::make_unique<OtlpJsonReader>()); }};

}  // namespace halo
