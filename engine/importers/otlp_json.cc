// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_json.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/importers/json_span_reader.h"
#include "engine/importers/log_record.h"
#include "engine/importers/log_spans.h"
#include "engine/importers/otlp_values.h"
#include "engine/importers/span_links.h"
#include "engine/json/json_keys.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

// The keys of the objects around spans and log records, and kSpanField for keys that only a span
// has.
enum class Part : std::uint8_t {
  kOther,
  kResource,
  kScope,
  kEnvelope,
  kResourceSpans,
  kScopeSpans,
  kSpans,
  kResourceLogs,
  kScopeLogs,
  kLogRecords,
  kResourceMetrics,
  kSpanField,
};

constexpr bool IsList(Part part) {
  return part >= Part::kResourceSpans && part <= Part::kLogRecords;
}
// Lists whose items have no resource or scope above them.
constexpr bool IsOfResources(Part part) {
  return part == Part::kResourceSpans || part == Part::kResourceLogs;
}

constexpr struct {
  std::string_view name, other_name;
  Part part;
} kContainerKeys[] = {
    {"resource", {}, Part::kResource},
    {"scope", {}, Part::kScope},
    {"instrumentationLibrary", "instrumentation_library", Part::kScope},
    {"resourceSpans", "resource_spans", Part::kResourceSpans},
    {"scopeSpans", "scope_spans", Part::kScopeSpans},
    {"instrumentationLibrarySpans", "instrumentation_library_spans", Part::kScopeSpans},
    {"spans", {}, Part::kSpans},
    {"batches", {}, Part::kResourceSpans},  // of Grafana Tempo
    {"resourceLogs", "resource_logs", Part::kResourceLogs},
    {"scopeLogs", "scope_logs", Part::kScopeLogs},
    {"instrumentationLibraryLogs", "instrumentation_library_logs", Part::kScopeLogs},
    {"logRecords", "log_records", Part::kLogRecords},
    {"resourceMetrics", "resource_metrics", Part::kResourceMetrics},
    {kEnvelopeKey, kTraceEnvelopeKey, Part::kEnvelope},
    {"traceId", "trace_id", Part::kSpanField},
    {"spanId", "span_id", Part::kSpanField},
    {"startTimeUnixNano", "start_time_unix_nano", Part::kSpanField},
};

// A request has three levels; an envelope adds one.
constexpr int kMaxContainerDepth = 16;

class OtlpJsonReader final : public JsonSpanReader {
 public:
  JsonError ReplaceResource(Json& json);
  JsonError ReplaceScope(Json& json);
  JsonError ReadLinks(Json& json);
  JsonError ReadLinkTraceId(Json& json) { return ReadId(json, 16, link_.trace_id); }
  JsonError ReadLinkSpanId(Json& json) { return ReadId(json, 8, link_.span_id); }
  JsonError ReadLinkAttributes(Json& json);
  JsonError ReadLogTime(Json& json) { return ReadTimeOfLog(json, log().time_ns); }
  JsonError ReadObservedTime(Json& json) { return ReadTimeOfLog(json, log().observed_ns); }
  JsonError ReadLogEventName(Json& json) { return ReadString(json, log().event_name); }
  JsonError ReadLogBody(Json& json) { return otlp_.AnyValue(json, log().body); }
  JsonError ReadLogAttributes(Json& json) { return ReadAttributesInto(json, log().attributes); }
  JsonError ReadLogTraceId(Json& json) { return ReadId(json, 16, log().trace_id); }
  JsonError ReadLogSpanId(Json& json) { return ReadId(json, 8, log().span_id); }

 private:
  void ReadEnclosing(std::string_view resource, std::string_view scope) override;
  JsonError ReadObject(JsonObject& object) override;
  JsonError ReadAttributesInto(Json& json, std::vector<Attribute>& out) override;
  JsonError ReadEvent(Json& json) override;

  JsonError ReadContainer(JsonObject& object, bool& has_spans);
  JsonError ReadEnvelope(Json& json, bool& has_spans);
  JsonError ReadLists(JsonObject& object);
  JsonError ReadList(Json& json, Part list);
  JsonError ReadListItem(Json& item, Part list);
  JsonError AppendLink(Json& json, std::string& out);
  JsonError ReadLogs(Json& json);
  JsonError ReadLog(Json& item);
  JsonError ReadTimeOfLog(Json& json, std::int64_t& out);
  LogRecord& log() { return logs_[log_count_ - 1]; }

  Part PartOf(RawString key) {
    const std::size_t index = container_keys_.Find(kContainerKeys, key);
    return index < std::size(kContainerKeys) ? kContainerKeys[index].part : Part::kOther;
  }

  OtlpValues otlp_{values()};
  KeyFinder container_keys_, link_keys_, log_keys_;
  int depth_ = 0;  // of the container that is being read
  SpanLink link_;
  std::string scratch_;
  std::vector<LogRecord> logs_;  // the first log_count_ are those of the scope
  std::size_t log_count_ = 0;
  LogSpans log_spans_;
};

using Reader = OtlpJsonReader;

// In the order in which exporters write them.
constexpr JsonField<Reader> kSpanFields[] = {
    {"traceId", "trace_id", &Reader::ReadTraceId, kVital},
    {"spanId", "span_id", &Reader::ReadSpanId, kVital},
    {"traceState", "trace_state", &Reader::ReadTraceState},
    {"parentSpanId", "parent_span_id", &Reader::ReadParentId},
    {"name", {}, &Reader::ReadName},
    {"kind", {}, &Reader::ReadKind},
    {"startTimeUnixNano", "start_time_unix_nano", &Reader::ReadStart, kVital},
    {"endTimeUnixNano", "end_time_unix_nano", &Reader::ReadEnd, kVital},
    {"attributes", {}, &Reader::ReadAttributes},
    {"events", {}, &Reader::ReadEvents},
    {"links", {}, &Reader::ReadLinks},
    {"status", {}, &Reader::ReadStatus},
    {"resource", {}, &Reader::ReplaceResource},
    {"scope", {}, &Reader::ReplaceScope},
};

constexpr JsonField<Reader> kEventFields[] = {
    {"timeUnixNano", "time_unix_nano", &Reader::ReadEventTime},
    {"name", {}, &Reader::ReadEventName},
    {"attributes", {}, &Reader::ReadEventAttributes},
};

constexpr JsonField<Reader> kLinkFields[] = {
    {"traceId", "trace_id", &Reader::ReadLinkTraceId},
    {"spanId", "span_id", &Reader::ReadLinkSpanId},
    {"attributes", {}, &Reader::ReadLinkAttributes},
};

constexpr JsonField<Reader> kLogFields[] = {
    {"timeUnixNano", "time_unix_nano", &Reader::ReadLogTime},
    {"observedTimeUnixNano", "observed_time_unix_nano", &Reader::ReadObservedTime},
    {"eventName", "event_name", &Reader::ReadLogEventName},
    {"body", {}, &Reader::ReadLogBody},
    {"attributes", {}, &Reader::ReadLogAttributes},
    {"traceId", "trace_id", &Reader::ReadLogTraceId},
    {"spanId", "span_id", &Reader::ReadLogSpanId},
};

void OtlpJsonReader::ReadEnclosing(std::string_view resource_json, std::string_view scope_json) {
  resource() = {};
  depth_ = 0;
  const auto read = [&](std::string_view text, JsonError (OtlpJsonReader::*part)(Json&)) {
    Json json;
    if (text.empty() || Failed(cursor().Open(text, json))) return;
    // The spans of a broken resource or scope lack the part after the break.
    static_cast<void>((this->*part)(json));
  };
  read(resource_json, &OtlpJsonReader::ReplaceResource);
  read(scope_json, &OtlpJsonReader::ReplaceScope);
}

JsonError OtlpJsonReader::ReadObject(JsonObject& object) {
  bool has_spans = false;
  const JsonError error = ReadContainer(object, has_spans);
  if (!Failed(error) && !has_spans) {
    Refuse(kNotASpan, object.data(), "neither resourceSpans, resourceLogs nor a traceId in it");
  }
  return error;
}

// A request, one of its resourceSpans or scopeSpans, or a span: decided by the first key that only
// one of them has. A resource or scope may come after the spans that it belongs to; their lists are
// then read in a second pass.
JsonError OtlpJsonReader::ReadContainer(JsonObject& object, bool& has_spans) {
  if (depth_ == kMaxContainerDepth) return JsonError::kTooDeep;
  ++depth_;
  bool enclosing_known = false, has_skipped_lists = false, is_span = false;
  JsonError error = object.ForEachField([&](RawString name, Json& json) {
    switch (const Part part = PartOf(name)) {
      case Part::kOther:
        return JsonError::kOk;
      case Part::kResource:
        enclosing_known = true;
        return ReplaceResource(json);
      case Part::kScope:
        enclosing_known = true;
        return ReplaceScope(json);
      case Part::kEnvelope:
        return ReadEnvelope(json, has_spans);
      case Part::kResourceSpans:
      case Part::kScopeSpans:
      case Part::kSpans:
      case Part::kResourceLogs:
      case Part::kScopeLogs:
      case Part::kLogRecords:
        has_spans = true;
        if (!IsOfResources(part) && !enclosing_known) has_skipped_lists = true;
        return has_skipped_lists ? JsonError::kOk : ReadList(json, part);
      case Part::kResourceMetrics:
        has_spans = true;
        Refuse(kMetricsNotKept, json.data(), "resourceMetrics");
        return JsonError::kOk;
      case Part::kSpanField:
        is_span = true;
        return JsonError::kWrongType;
    }
    return JsonError::kOk;
  });
  if (is_span) {
    has_spans = true;
    error = object.Rewind();
    if (!Failed(error)) error = ReadSpan(object, kSpanFields, *this);
  } else if (has_skipped_lists && !Failed(error)) {
    error = ReadLists(object);
  }
  --depth_;
  return error;
}

JsonError OtlpJsonReader::ReadLists(JsonObject& object) {
  if (const JsonError error = object.Rewind(); Failed(error)) return error;
  return object.ForEachField([&](RawString name, Json& json) {
    const Part part = PartOf(name);
    return IsList(part) ? ReadList(json, part) : JsonError::kOk;
  });
}

// gRPC gateways, such as Jaeger's, wrap each part of an answer. An answer may have an empty part,
// which counts as an empty list of spans.
JsonError OtlpJsonReader::ReadEnvelope(Json& json, bool& has_spans) {
  if (json.type() != JsonType::kObject) return JsonError::kOk;
  JsonObject object;
  if (const JsonError error = object.Open(json); Failed(error)) return error;
  has_spans = has_spans || object.IsEmpty();
  return ReadContainer(object, has_spans);
}

JsonError OtlpJsonReader::ReadList(Json& json, Part list) {
  if (list == Part::kLogRecords) return ReadLogs(json);
  const JsonError error = json.ForEachItem([&](Json& item) { return ReadListItem(item, list); });
  return error == JsonError::kWrongType ? JsonError::kOk : error;
}

JsonError OtlpJsonReader::ReadListItem(Json& item, Part list) {
  if (item.type() != JsonType::kObject) {
    Refuse(kWrongType, item.data(), "an object was expected");
    return JsonError::kOk;
  }
  JsonObject object;
  if (const JsonError error = object.Open(item); Failed(error)) return error;
  if (list == Part::kSpans) return ReadSpan(object, kSpanFields, *this);
  if (IsOfResources(list)) resource().attributes.clear();
  ClearScope();
  bool has_spans = false;
  const JsonError error = ReadContainer(object, has_spans);
  if (error != JsonError::kTooDeep) return error;
  Refuse(kNestedTooDeeply, item.data(), "lists of spans inside of each other");
  return JsonError::kOk;
}

JsonError OtlpJsonReader::ReplaceResource(Json& json) {
  resource().attributes.clear();
  const JsonError error = ReadResourceFields(json);
  return values().SkipMalformed(error, json, "resource");
}

JsonError OtlpJsonReader::ReplaceScope(Json& json) {
  resource().scope_attributes.clear();
  const JsonError error = ReadScopeFields(json);
  return values().SkipMalformed(error, json, "scope");
}

JsonError OtlpJsonReader::ReadAttributesInto(Json& json, std::vector<Attribute>& out) {
  return json.IsNull() ? JsonError::kOk : otlp_.Attributes(json, out);
}

JsonError OtlpJsonReader::ReadEvent(Json& json) {
  return ReadEventFields(json, kEventFields, *this);
}

JsonError OtlpJsonReader::ReadLinks(Json& json) {
  if (json.IsNull()) return JsonError::kOk;
  scratch_ = "[";
  const JsonError error = json.ForEachItem(
      [&](Json& item) { return values().SkipMalformed(AppendLink(item, scratch_), item, "link"); });
  if (scratch_.size() > 1) span().links = values().arena().Copy(scratch_ += ']');
  return error;
}

JsonError OtlpJsonReader::AppendLink(Json& json, std::string& out) {
  link_ = {};
  const JsonError error = ReadFields(json, kLinkFields, link_keys_, *this);
  if (Failed(error)) return error;
  AppendSpanLink(link_, out);
  return JsonError::kOk;
}

JsonError OtlpJsonReader::ReadLinkAttributes(Json& json) {
  link_.attributes.clear();
  return otlp_.AppendAttributes(json, link_.attributes, 0);
}

// What was read before damage counts.
JsonError OtlpJsonReader::ReadLogs(Json& json) {
  log_count_ = 0;
  const char* const list = json.data();
  const JsonError error = json.ForEachItem([&](Json& item) { return ReadLog(item); });
  const std::size_t unknown =
      log_spans_.Convert(std::span(logs_.data(), log_count_), resource(),
                         [&](const Span& made, const char* where) { Accept(made, where); });
  if (unknown > 0) {
    Refuse(kLogsOfNoRun, list,
           std::to_string(unknown) + " of " + std::to_string(log_count_) + " log records");
  }
  return error == JsonError::kWrongType ? JsonError::kOk : error;
}

JsonError OtlpJsonReader::ReadLog(Json& item) {
  if (item.type() != JsonType::kObject) {
    Refuse(kWrongType, item.data(), "an object was expected");
    return JsonError::kOk;
  }
  JsonObject object;
  if (const JsonError error = object.Open(item); Failed(error)) return error;
  if (++log_count_ > logs_.size()) logs_.emplace_back();
  log().Clear();
  log().where = object.data();
  return ReadFields(object, kLogFields, log_keys_, *this,
                    [&](JsonError inner, const Json& part, const JsonField<Reader>&) {
                      return values().SkipMalformed(inner, part, "part of a log record");
                    });
}

JsonError OtlpJsonReader::ReadTimeOfLog(Json& json, std::int64_t& out) {
  Moment moment;
  bool ok = true;
  const JsonError error = ReadTime(json, moment, ok);
  out = moment.kind == Moment::Kind::kKnown ? moment.ns : 0;
  return error;
}

bool HasSpanLists(const JsonKeys& keys) {
  for (const auto& key : kContainerKeys) {
    const bool is_list = (key.part == Part::kResourceSpans || key.part == Part::kScopeSpans ||
                          key.part == Part::kResourceLogs || key.part == Part::kScopeLogs);
    if (is_list && (keys.Has(key.name) || keys.Has(key.other_name))) return true;
  }
  return false;
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (HasSpanLists(keys) || HasSpanLists(TopKeys(keys.ValueOf(kEnvelopeKey))) ||
      HasSpanLists(TopKeys(keys.ValueOf(kTraceEnvelopeKey)))) {
    return true;
  }
  return (keys.Has("traceId") || keys.Has("trace_id")) &&
         (keys.Has("startTimeUnixNano") || keys.Has("start_time_unix_nano"));
}

}  // namespace

const Importer kOtlpJson = {
    .name = "otlp_json",
    .description =
        "OTLP/JSON: ExportTraceServiceRequest documents or lines ({\"resourceSpans\": ...}), "
        "arrays "
        "of them, or one span a line, and ExportLogsServiceRequest ({\"resourceLogs\": ...}); the "
        "OpenTelemetry Collector's file exporter writes it, and the APIs of Jaeger "
        "(/api/v3/traces) and Grafana Tempo answer with it",
    .short_name = "OTLP/JSON",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
