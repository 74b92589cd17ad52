// SPDX-License-Identifier: MIT
#include "engine/importers/sdk_python_json.h"

#include <memory>

#include "engine/importers/span_words.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

class Reader final : public TreeSpanReader {
 public:
  void ReadContext(const JsonNode& node) {
    span().trace_id = IdOf(node.Find("trace_id"), 16);
    span().span_id = IdOf(node.Find("span_id"), 8);
    const std::string_view state = TextOf(node.Find("trace_state"));
    if (state != "[]" && state != "{}") span().trace_state = state;
  }
  void ReadParent(const JsonNode& node) { span().parent_id = IdOf(&node, 8); }
  void ReadName(const JsonNode& node) { span().name = TextOf(&node); }
  void ReadKind(const JsonNode& node) { span().otel_kind = KindWord(AfterDot(TextOf(&node))); }
  void ReadStart(const JsonNode& node) { builder().start = TimeOf(&node, "start_time"); }
  void ReadEnd(const JsonNode& node) { builder().end = TimeOf(&node, "end_time"); }
  void ReadAttributes(const JsonNode& node) { AddMembers(span().attributes, &node); }
  void ReadStatus(const JsonNode& node);
  void ReadEvents(const JsonNode& node) { AddEvents(&node, {"name", "timestamp", "attributes"}); }
  void ReadLinks(const JsonNode& node) { SetLinks(&node, {"context", "trace_id", "span_id"}); }
  void ReadResource(const JsonNode& node) {
    AddMembers(resource().attributes, node.Find("attributes"));
  }
  void ReadScope(const JsonNode& node) {
    resource().scope_name = TextOf(node.Find("name"));
    resource().scope_version = TextOf(node.Find("version"));
    AddMembers(resource().scope_attributes, node.Find("attributes"));
  }

 private:
  void ReadTree(const JsonNode& object) override;
  // "SpanKind.CLIENT", "StatusCode.ERROR": how Python prints an enum.
  static std::string_view AfterDot(std::string_view word) {
    return word.substr(word.rfind('.') + 1);
  }
};

constexpr TreeField<Reader> kFields[] = {
    {"name", &Reader::ReadName},
    {"context", &Reader::ReadContext},
    {"kind", &Reader::ReadKind},
    {"parent_id", &Reader::ReadParent},
    {"start_time", &Reader::ReadStart},
    {"end_time", &Reader::ReadEnd},
    {"status", &Reader::ReadStatus},
    {"attributes", &Reader::ReadAttributes},
    {"events", &Reader::ReadEvents},
    {"links", &Reader::ReadLinks},
    {"resource", &Reader::ReadResource},
    {"instrumentation_scope", &Reader::ReadScope},
    {"instrumentation_info", &Reader::ReadScope},
    {"scope", &Reader::ReadScope},
};

void Reader::ReadTree(const JsonNode& object) {
  if (object.Find("context") == nullptr) return RefuseObject(object, "no context in it");
  BeginSpan(object);
  ReadMembers(object, kFields, *this, [&](const JsonNode& other) { Add(other.key(), &other); });
  EndSpan();
}

void Reader::ReadStatus(const JsonNode& node) {
  const JsonNode* const code = node.is_object() ? node.Find("status_code") : &node;
  span().status = StatusOf(AfterDot(TextOf(code)));
  span().status_message = TextOf(node.Find("description"));
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (!keys.Has("context") || keys.Has("span_kind") || keys.Has("status_code")) return false;
  return TopKeys(keys.ValueOf("context")).Has("trace_id");
}

}  // namespace

const Importer kSdkPythonJson = {
    .name = "sdk_python_json",
    .description =
        "spans of the OpenTelemetry SDK for Python: ReadableSpan.to_json(), as its console "
        "exporter "
        "writes them",
    .short_name = "OpenTelemetry SDK JSON",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
