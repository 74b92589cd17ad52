// SPDX-License-Identifier: MIT
#include "engine/importers/sdk_go_json.h"

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
    span().trace_id = IdOf(node.Find("TraceID"), 16);
    span().span_id = IdOf(node.Find("SpanID"), 8);
    span().trace_state = TextOf(node.Find("TraceState"));
  }
  void ReadParent(const JsonNode& node) { span().parent_id = IdOf(node.Find("SpanID"), 8); }
  void ReadName(const JsonNode& node) { span().name = TextOf(&node); }
  void ReadKind(const JsonNode& node) {
    std::int64_t number = 0;
    span().otel_kind = node.Integer(number) ? KindWord(number) : KindWord(TextOf(&node));
  }
  void ReadStart(const JsonNode& node) { builder().start = TimeOf(&node, "StartTime"); }
  // The zero time of Go is a span that has not ended.
  void ReadEnd(const JsonNode& node) {
    if (!TextOf(&node).starts_with("0001-01-01")) builder().end = TimeOf(&node, "EndTime");
  }
  void ReadAttributes(const JsonNode& node) { ReadPairs(&node, span().attributes); }
  void ReadResource(const JsonNode& node) { ReadPairs(&node, resource().attributes); }
  void ReadStatus(const JsonNode& node) {
    span().status = StatusOf(TextOf(node.Find("Code")));
    span().status_message = TextOf(node.Find("Description"));
  }
  void ReadEvents(const JsonNode& node) {
    for (const JsonNode& item : node) {
      Event& event = AddEvent(TextOf(item.Find("Name")), item.Find("Time"));
      ReadPairs(item.Find("Attributes"), event.attributes);
    }
  }
  void ReadLinks(const JsonNode& node) { SetLinks(&node, {"SpanContext", "TraceID", "SpanID"}); }
  void ReadScope(const JsonNode& node) {
    if (!resource().scope_name.empty()) return;
    resource().scope_name = TextOf(node.Find("Name"));
    resource().scope_version = TextOf(node.Find("Version"));
  }

 private:
  void ReadTree(const JsonNode& object) override;

  // [{"Key": ..., "Value": {"Type": "STRING", "Value": ...}}, ...]
  void ReadPairs(const JsonNode* list, std::vector<Attribute>& out) {
    if (list == nullptr) return;
    for (const JsonNode& item : *list) {
      const JsonNode* value = item.Find("Value");
      if (value != nullptr && value->is_object()) value = value->Find("Value");
      const std::string_view key = TextOf(item.Find("Key"));
      if (key.empty()) {
        Lose(item, "attribute");
      } else {
        AddTo(out, key, value);
      }
    }
  }
};

constexpr TreeField<Reader> kFields[] = {
    {"Name", &Reader::ReadName},
    {"SpanContext", &Reader::ReadContext},
    {"Parent", &Reader::ReadParent},
    {"SpanKind", &Reader::ReadKind},
    {"StartTime", &Reader::ReadStart},
    {"EndTime", &Reader::ReadEnd},
    {"Attributes", &Reader::ReadAttributes},
    {"Events", &Reader::ReadEvents},
    {"Links", &Reader::ReadLinks},
    {"Status", &Reader::ReadStatus},
    {"Resource", &Reader::ReadResource},
    {"InstrumentationScope", &Reader::ReadScope},
    {"InstrumentationLibrary", &Reader::ReadScope},
};

void Reader::ReadTree(const JsonNode& object) {
  BeginSpan(object);
  ReadMembers(object, kFields, *this, [](const JsonNode&) {});
  EndSpan();
}

bool Sniff(const InputHead& head) {
  return TopKeys(TopKeys(head.value).ValueOf("SpanContext")).Has("TraceID");
}

}  // namespace

const Importer kSdkGoJson = {
    .name = "sdk_go_json",
    .description = "spans of the OpenTelemetry SDK for Go, as stdouttrace writes them",
    .short_name = {},
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
