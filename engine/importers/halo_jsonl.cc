// SPDX-License-Identifier: MIT
#include "engine/importers/halo_jsonl.h"

#include <memory>
#include <string>
#include <string_view>

#include "engine/importers/json_record_reader.h"
#include "engine/importers/span_builder.h"
#include "engine/importers/span_words.h"
#include "engine/json/json_keys.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

using simdjson::error_code;

enum class Key : std::uint8_t {
  kTraceId,
  kSpanId,
  kParentSpanId,
  kTraceState,
  kName,
  kKind,
  kStart,
  kEnd,
  kStatus,
  kResource,
  kScope,
  kAttributes,
  kEvents,
  kLinks,
};

constexpr struct {
  std::string_view name, other;
  Key key;
} kKeys[] = {
    {"trace_id", "trace_id", Key::kTraceId},
    {"span_id", "span_id", Key::kSpanId},
    {"parent_span_id", "parent_span_id", Key::kParentSpanId},
    {"trace_state", "trace_state", Key::kTraceState},
    {"name", "name", Key::kName},
    {"kind", "kind", Key::kKind},
    {"start_time", "start_time", Key::kStart},
    {"end_time", "end_time", Key::kEnd},
    {"status", "status", Key::kStatus},
    {"resource", "resource", Key::kResource},
    {"scope", "scope", Key::kScope},
    {"attributes", "attributes", Key::kAttributes},
    {"events", "events", Key::kEvents},
    {"links", "links", Key::kLinks},
};

// HALO's exporter writes numbers of other kinds of attributes under "int.KEY" and "double.KEY".
std::string_view WithoutTypePrefix(std::string_view key, const Value& value) {
  if (value.type != Value::Type::kInt && value.type != Value::Type::kDouble) return key;
  for (const std::string_view prefix : {"int.", "double."}) {
    if (key.starts_with(prefix) && key.size() > prefix.size()) return key.substr(prefix.size());
  }
  return key;
}

class HaloJsonlReader final : public JsonRecordReader {
 private:
  void ReadEnclosing(std::string_view, std::string_view) override {}
  error_code ReadObject(Json object) override;
  error_code ReadField(Key key, Json json);
  error_code ReadAttributes(Json json, std::vector<Attribute>& out);
  error_code ReadEvent(Json json);
  // Calls use(key, value) for each field, for none if `json` is null.
  template <class Use>
  error_code ForEachMember(Json json, Use&& use);

  KeyFinder keys_;
  Resource resource_;
  SpanBuilder builder_;
};

error_code HaloJsonlReader::ReadObject(Json object) {
  builder_.Clear();
  resource_.attributes.clear();
  resource_.scope_attributes.clear();
  resource_.scope_name = resource_.scope_version = {};
  const error_code error = object.ForEachField([&](RawString name, Json json) {
    const std::size_t index = keys_.Find(kKeys, name);
    if (index == std::size(kKeys)) return simdjson::SUCCESS;
    const Key key = kKeys[index].key;
    const error_code inner = ReadField(key, json);
    return inner ? FailField(inner, json, kKeys[index].name, IsVital(key), builder_) : inner;
  });
  if (error) return error;
  builder_.span.resource = &resource_;
  EndSpan(builder_, object.data());
  return simdjson::SUCCESS;
}

error_code HaloJsonlReader::ReadField(Key key, Json json) {
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
      return ReadSpanTime(json, "start_time", builder_, builder_.start);
    case Key::kEnd:
      return ReadSpanTime(json, "end_time", builder_, builder_.end);
    case Key::kStatus:
      return ReadStatus(json, span);
    case Key::kResource:
      return ForEachMember(json, [&](RawString name, Json value) {
        return name.Is("attributes") ? ReadAttributes(value, resource_.attributes)
                                     : simdjson::SUCCESS;
      });
    case Key::kScope:
      return ForEachMember(json, [&](RawString name, Json value) {
        if (name.Is("name")) return ReadString(value, resource_.scope_name);
        if (name.Is("version")) return ReadString(value, resource_.scope_version);
        return name.Is("attributes") ? ReadAttributes(value, resource_.scope_attributes)
                                     : simdjson::SUCCESS;
      });
    case Key::kAttributes:
      return ReadAttributes(json, span.attributes);
    case Key::kEvents:
      if (json.IsNull()) return simdjson::SUCCESS;
      return json.ForEachItem(
          [&](Json item) { return values().SkipMalformed(ReadEvent(item), item, "event"); });
    default: {
      Value links;
      const error_code error = values().Plain(json, links);
      if (links.type == Value::Type::kJson && links.text != "[]") span.links = links.text;
      return error;
    }
  }
}

template <class Use>
error_code HaloJsonlReader::ForEachMember(Json json, Use&& use) {
  if (json.IsNull()) return simdjson::SUCCESS;
  return json.ForEachField(use);
}

error_code HaloJsonlReader::ReadAttributes(Json json, std::vector<Attribute>& out) {
  return ForEachMember(json, [&](RawString key, Json json_value) {
    Attribute attribute;
    if (const error_code error = values().Decode(key, attribute.key)) return error;
    const error_code error = values().Plain(json_value, attribute.value);
    attribute.key = WithoutTypePrefix(attribute.key, attribute.value);
    if (!error) out.push_back(attribute);
    return values().SkipMalformed(error, json_value, "attribute");
  });
}

error_code HaloJsonlReader::ReadEvent(Json json) {
  if (json.type() != JsonType::kObject) return simdjson::INCORRECT_TYPE;
  Event& event = builder_.AddEvent();
  return json.ForEachField([&](RawString name, Json value) {
    error_code error = simdjson::SUCCESS;
    if (name.Is("name")) {
      error = ReadString(value, event.name);
    } else if (name.Is("attributes")) {
      error = ReadAttributes(value, event.attributes);
    } else if (name.Is("timestamp") || name.Is("time") || name.Is("time_unix_nano")) {
      error = ReadEventTime(value, event.time_ns);
    }
    return values().SkipMalformed(error, value, "part of an event");
  });
}

bool Sniff(std::string_view head) {
  const JsonKeys keys = TopKeys(head);
  return keys.HasAll("trace_id", "span_id") && (keys.Has("start_time") || !keys.complete) &&
         !keys.Has("start_time_unix_nano");
}

}  // namespace

const Importer kHaloJsonl = {
    "halo_jsonl",
    "HALO JSON lines: one span a line with trace_id, span_id, start_time and plain attributes",
    Sniff, [] { return std::unique_ptr<RecordReader>(std::make_unique<HaloJsonlReader>()); }};

}  // namespace halo
