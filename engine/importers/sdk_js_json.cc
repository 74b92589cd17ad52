// SPDX-License-Identifier: MIT
#include "engine/importers/sdk_js_json.h"

#include <cstdint>
#include <memory>

#include "engine/importers/span_words.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

class Reader final : public TreeSpanReader {
 public:
  void ReadContext(const JsonNode& node) {
    span().trace_id = IdOf(node.Find("traceId"), 16);
    span().span_id = IdOf(node.Find("spanId"), 8);
    ReadState(node.Find("traceState"));
  }
  void ReadTraceId(const JsonNode& node) { span().trace_id = IdOf(&node, 16); }
  void ReadSpanId(const JsonNode& node) { span().span_id = IdOf(&node, 8); }
  void ReadParent(const JsonNode& node) {
    span().parent_id = IdOf(node.is_object() ? node.Find("spanId") : &node, 8);
  }
  void ReadTraceState(const JsonNode& node) { ReadState(&node); }
  void ReadName(const JsonNode& node) { span().name = TextOf(&node); }
  // The enum begins with INTERNAL, other than OTLP's.
  void ReadKind(const JsonNode& node) {
    std::int64_t number = 0;
    span().otel_kind = node.Integer(number) ? KindWord(number + 1) : KindWord(TextOf(&node));
  }
  void ReadStart(const JsonNode& node) { builder().start = TimeOf(&node, "startTime"); }
  void ReadEnd(const JsonNode& node) { builder().end = TimeOf(&node, "endTime"); }
  void ReadDuration(const JsonNode& node) { duration_ = &node; }
  void ReadAttributes(const JsonNode& node) { AddMembers(span().attributes, &node); }
  void ReadStatus(const JsonNode& node) {
    std::int64_t number = 0;
    const JsonNode* const code = node.is_object() ? node.Find("code") : &node;
    if (code != nullptr) {
      span().status = code->Integer(number) ? StatusOf(number) : StatusOf(TextOf(code));
    }
    span().status_message = TextOf(node.Find("message"));
  }
  void ReadEvents(const JsonNode& node) { AddEvents(&node, {"name", "time", "attributes"}); }
  void ReadLinks(const JsonNode& node) { SetLinks(&node, {"context", "traceId", "spanId"}); }
  void ReadResource(const JsonNode& node);
  void ReadScope(const JsonNode& node) {
    resource().scope_name = TextOf(node.Find("name"));
    resource().scope_version = TextOf(node.Find("version"));
  }
  void Skip(const JsonNode&) {}

 private:
  void ReadTree(const JsonNode& object) override;
  void ReadState(const JsonNode* node) {
    if (node != nullptr && node->is_string()) span().trace_state = TextOf(node);
  }
  void ReadPairs(const JsonNode& list, std::vector<Attribute>& out);

  const JsonNode* duration_ = nullptr;
};

// The private fields of the class come beside the public ones of plain objects, and those of the
// console exporter: id, timestamp and duration in microseconds.
constexpr TreeField<Reader> kFields[] = {
    {"name", &Reader::ReadName},
    {"_spanContext", &Reader::ReadContext},
    {"spanContext", &Reader::ReadContext},
    {"traceId", &Reader::ReadTraceId},
    {"id", &Reader::ReadSpanId},
    {"spanId", &Reader::ReadSpanId},
    {"parentSpanContext", &Reader::ReadParent},
    {"_parentSpanContext", &Reader::ReadParent},
    {"parentSpanId", &Reader::ReadParent},
    {"parentId", &Reader::ReadParent},
    {"traceState", &Reader::ReadTraceState},
    {"kind", &Reader::ReadKind},
    {"startTime", &Reader::ReadStart},
    {"timestamp", &Reader::ReadStart},
    {"endTime", &Reader::ReadEnd},
    {"duration", &Reader::ReadDuration},
    {"_duration", &Reader::ReadDuration},
    {"attributes", &Reader::ReadAttributes},
    {"status", &Reader::ReadStatus},
    {"events", &Reader::ReadEvents},
    {"links", &Reader::ReadLinks},
    {"resource", &Reader::ReadResource},
    {"instrumentationScope", &Reader::ReadScope},
    {"instrumentationLibrary", &Reader::ReadScope},
    {"_spanLimits", &Reader::Skip},
    {"_spanProcessor", &Reader::Skip},
    {"_attributeValueLengthLimit", &Reader::Skip},
    {"_performanceStartTime", &Reader::Skip},
    {"_performanceOffset", &Reader::Skip},
    {"_startTimeProvided", &Reader::Skip},
    {"_attributesCount", &Reader::Skip},
    {"_droppedAttributesCount", &Reader::Skip},
    {"_droppedEventsCount", &Reader::Skip},
    {"_droppedLinksCount", &Reader::Skip},
    {"_ended", &Reader::Skip},
    {"ended", &Reader::Skip},
};

// Nanoseconds of [seconds, nanoseconds], or of microseconds; -1 for anything else.
std::int64_t DurationOf(const JsonNode& node) {
  std::int64_t whole = 0, nanos = 0;
  double real = 0;
  constexpr double kMostMicros = 3e15;  // 95 years
  if (node.Real(real) && real >= 0 && real < kMostMicros) {
    return static_cast<std::int64_t>(real * 1000);
  }
  if (!node.is_array() || node.begin() == node.end()) return -1;
  auto item = node.begin();
  if (!(*item).Integer(whole) || ++item == node.end() || !(*item).Integer(nanos)) return -1;
  if (whole < 0 || whole > 1'000'000'000 || nanos < 0 || nanos >= 1'000'000'000) return -1;
  return whole * 1'000'000'000 + nanos;
}

void Reader::ReadTree(const JsonNode& object) {
  // Log records have a span's context, too.
  if (object.Find("startTime") == nullptr && object.Find("timestamp") == nullptr) {
    return RefuseObject(object, "no startTime in it: a log record or a metric");
  }
  BeginSpan(object);
  duration_ = nullptr;
  ReadMembers(object, kFields, *this, [&](const JsonNode& other) { Add(other.key(), &other); });
  Moment& end = builder().end;
  const Moment& start = builder().start;
  if (end.kind == Moment::Kind::kAbsent && duration_ != nullptr &&
      start.kind == Moment::Kind::kKnown && object.Find("endTime") == nullptr) {
    const std::int64_t length = DurationOf(*duration_);
    if (length < 0) {
      Lose(*duration_, "duration");
    } else {
      end = start;
      end.ns += length;
    }
  }
  EndSpan();
}

// {"attributes": {...}}, or of the class: _attributes, or _rawAttributes as a list of pairs.
void Reader::ReadResource(const JsonNode& node) {
  for (const char* const key : {"attributes", "_attributes", "_syncAttributes"}) {
    const JsonNode* const attributes = node.Find(key);
    if (attributes == nullptr || !attributes->is_object()) continue;
    return AddMembers(resource().attributes, attributes);
  }
  const JsonNode* const pairs = node.Find("_rawAttributes");
  if (pairs != nullptr) ReadPairs(*pairs, resource().attributes);
}

void Reader::ReadPairs(const JsonNode& list, std::vector<Attribute>& out) {
  for (const JsonNode& pair : list) {
    if (!pair.is_array() || pair.begin() == pair.end()) continue;
    auto item = pair.begin();
    const std::string_view key = TextOf(&*item);
    if (++item != pair.end() && !key.empty()) AddTo(out, key, &*item);
  }
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  for (const char* const key : {"_spanContext", "spanContext"}) {
    if (TopKeys(keys.ValueOf(key)).Has("traceId")) return true;
  }
  return keys.HasAll("traceId", "id") && keys.HasAll("timestamp", "duration") &&
         !keys.Has("localEndpoint") && (keys.Has("attributes") || keys.Has("resource"));
}

}  // namespace

const Importer kSdkJsJson = {
    .name = "sdk_js_json",
    .description =
        "spans of the OpenTelemetry SDK for JavaScript: JSON.stringify of a ReadableSpan (the "
        "console exporter's own output is not JSON)",
    .short_name = {},
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
