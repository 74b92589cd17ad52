// SPDX-License-Identifier: MIT
#include "engine/importers/halo_jsonl.h"

#include <memory>
#include <string_view>
#include <vector>

#include "engine/importers/json_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

// HALO's exporter writes numbers under "int.KEY" and "double.KEY" if a key has values of several
// types.
std::string_view WithoutTypePrefix(std::string_view key, const Value& value) {
  if (value.type != Value::Type::kInt && value.type != Value::Type::kDouble) return key;
  for (const std::string_view prefix : {"int.", "double."}) {
    if (key.starts_with(prefix) && key.size() > prefix.size()) return key.substr(prefix.size());
  }
  return key;
}

class HaloJsonlReader final : public JsonSpanReader {
 public:
  JsonError ReadLinks(Json& json);

 private:
  void ReadEnclosing(std::string_view, std::string_view) override {}
  JsonError ReadObject(JsonObject& object) override;
  JsonError ReadAttributesInto(Json& json, std::vector<Attribute>& out) override;
  JsonError ReadEvent(Json& json) override;
};

using Reader = HaloJsonlReader;

constexpr JsonField<Reader> kSpanFields[] = {
    {"trace_id", {}, &Reader::ReadTraceId, kVital},
    {"span_id", {}, &Reader::ReadSpanId, kVital},
    {"parent_span_id", {}, &Reader::ReadParentId},
    {"trace_state", {}, &Reader::ReadTraceState},
    {"name", {}, &Reader::ReadName},
    {"kind", {}, &Reader::ReadKind},
    {"start_time", {}, &Reader::ReadStart, kVital},
    {"end_time", {}, &Reader::ReadEnd, kVital},
    {"status", {}, &Reader::ReadStatus},
    {"resource", {}, &Reader::ReadResource},
    {"scope", {}, &Reader::ReadScope},
    {"attributes", {}, &Reader::ReadAttributes},
    {"events", {}, &Reader::ReadEvents},
    {"links", {}, &Reader::ReadLinks},
};

constexpr JsonField<Reader> kEventFields[] = {
    {"name", {}, &Reader::ReadEventName},
    {"timestamp", "time", &Reader::ReadEventTime},
    {"time_unix_nano", {}, &Reader::ReadEventTime},
    {"attributes", {}, &Reader::ReadEventAttributes},
};

JsonError HaloJsonlReader::ReadObject(JsonObject& object) {
  resource() = {};
  return ReadSpan(object, kSpanFields, *this);
}

JsonError HaloJsonlReader::ReadLinks(Json& json) {
  Value links;
  const JsonError error = values().Plain(json, links);
  if (links.type == Value::Type::kJson && links.text != "[]") span().links = links.text;
  return error;
}

JsonError HaloJsonlReader::ReadAttributesInto(Json& json, std::vector<Attribute>& out) {
  if (json.IsNull()) return JsonError::kOk;
  return json.ForEachField([&](RawString key, Json& value) {
    Attribute attribute;
    if (const JsonError error = values().Decode(key, attribute.key); Failed(error)) return error;
    const JsonError error = values().Plain(value, attribute.value);
    attribute.key = WithoutTypePrefix(attribute.key, attribute.value);
    if (!Failed(error)) out.push_back(attribute);
    return values().SkipMalformed(error, value, "attribute");
  });
}

JsonError HaloJsonlReader::ReadEvent(Json& json) {
  return ReadEventFields(json, kEventFields, *this);
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  return keys.HasAll("trace_id", "span_id") && (keys.Has("start_time") || !keys.complete) &&
         !keys.Has("start_time_unix_nano");
}

}  // namespace

const Importer kHaloJsonl = {
    .name = "halo_jsonl",
    .description =
        "HALO JSON lines: one span a line with trace_id, span_id, start_time and plain "
        "attributes",
    .short_name = "HALO JSONL",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
