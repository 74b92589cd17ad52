// SPDX-License-Identifier: MIT
#include "engine/importers/phoenix_json.h"

#include <charconv>
#include <iterator>
#include <memory>

#include "engine/importers/made_up_ids.h"
#include "engine/importers/span_words.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

constexpr std::string_view kPages[] = {"data", "spans"};
constexpr std::string_view kColumn = "attributes.";
constexpr int kMaxFlatDepth = 12;

class Reader final : public TreeSpanReader {
 public:
  Reader() : TreeSpanReader(kPages) {}

  void ReadContext(const JsonNode& node) {
    if (!node.is_object()) return;
    span().trace_id = IdOf(node.Find("trace_id"), 16);
    span().span_id = IdOf(node.Find("span_id"), 8);
  }
  void ReadTraceId(const JsonNode& node) { span().trace_id = IdOf(&node, 16); }
  void ReadSpanId(const JsonNode& node) { span().span_id = IdOf(&node, 8); }
  void ReadParent(const JsonNode& node) { span().parent_id = IdOf(&node, 8); }
  void ReadName(const JsonNode& node) { span().name = TextOf(&node); }
  void ReadKind(const JsonNode& node) { kind_ = &node; }
  void ReadStart(const JsonNode& node) { builder().start = TimeOf(&node, "start_time"); }
  void ReadEnd(const JsonNode& node) { builder().end = TimeOf(&node, "end_time"); }
  void ReadStatus(const JsonNode& node) { span().status = StatusOf(TextOf(&node)); }
  void ReadMessage(const JsonNode& node) { span().status_message = TextOf(&node); }
  void ReadEvents(const JsonNode& node) { AddEvents(&node, {"name", "timestamp", "attributes"}); }
  void ReadAttributes(const JsonNode& node);
  void ReadProject(const JsonNode& node) {
    AddTo(resource().attributes, "openinference.project.name", &node);
  }
  void Skip(const JsonNode&) {}

 private:
  void ReadTree(const JsonNode& object) override;
  void ReadColumn(const JsonNode& member);
  void Flatten(std::string_view key, const JsonNode& node, int depth);

  const JsonNode* kind_ = nullptr;
};

constexpr TreeField<Reader> kFields[] = {
    {"context", &Reader::ReadContext},
    {"context.trace_id", &Reader::ReadTraceId},
    {"trace_id", &Reader::ReadTraceId},
    {"context.span_id", &Reader::ReadSpanId},
    {"span_id", &Reader::ReadSpanId},
    {"parent_id", &Reader::ReadParent},
    {"name", &Reader::ReadName},
    {"span_kind", &Reader::ReadKind},
    {"start_time", &Reader::ReadStart},
    {"end_time", &Reader::ReadEnd},
    {"status_code", &Reader::ReadStatus},
    {"status_message", &Reader::ReadMessage},
    {"attributes", &Reader::ReadAttributes},
    {"events", &Reader::ReadEvents},
    {"project_name", &Reader::ReadProject},
    {"project.name", &Reader::ReadProject},
    {"id", &Reader::Skip},  // Phoenix's own; the span's id is in its context
    {"index", &Reader::Skip},
};

void Reader::ReadTree(const JsonNode& object) {
  BeginSpan(object);
  kind_ = nullptr;
  ReadMembers(object, kFields, *this, [&](const JsonNode& other) { ReadColumn(other); });
  // A data frame that was written without its index has lost the ids of its spans.
  if (span().span_id.empty() && object.Find("context") == nullptr &&
      object.Find("context.span_id") == nullptr && !span().trace_id.empty()) {
    span().span_id = MadeUpSpanId(object.written(), RootOffset(), arena());
  }
  bool has_kind = false;
  for (const Attribute& attribute : span().attributes) {
    if (attribute.key == "openinference.span.kind") has_kind = true;
  }
  if (!has_kind) Add("openinference.span.kind", kind_);
  EndSpan();
}

void Reader::ReadColumn(const JsonNode& member) {
  const std::string_view key = member.key();
  if (key.starts_with(kColumn) && key.size() > kColumn.size()) {
    return Flatten(key.substr(kColumn.size()), member, 0);
  }
  if (IsGiven(&member)) Add(arena().Join({"phoenix.", key}), &member);
}

void Reader::ReadAttributes(const JsonNode& node) {
  const JsonNode* const object = Unpack(&node);
  if (!IsGiven(object)) return;
  if (!object->is_object()) return Lose(node, "attributes");
  for (const JsonNode& member : *object) Flatten(member.key(), member, 0);
}

// OpenInference's attributes are flat; Phoenix stores them as objects and lists. Metadata remains
// an object, as do lists of plain values.
void Reader::Flatten(std::string_view key, const JsonNode& node, int depth) {
  const bool has_objects = node.is_array() && IsGiven(&node) && (*node.begin()).is_object();
  const bool is_flat = !node.is_object() && !has_objects;
  if (is_flat || key == "metadata" || depth == kMaxFlatDepth) return Add(key, &node);
  std::size_t index = 0;
  for (const JsonNode& child : node) {
    if (node.is_object()) {
      Flatten(arena().Join({key, ".", child.key()}), child, depth + 1);
      continue;
    }
    char number[20];
    const auto end = std::to_chars(number, std::end(number), index++).ptr;
    Flatten(arena().Join({key, ".", {number, static_cast<std::size_t>(end - number)}}), child,
            depth + 1);
  }
}

bool HasSpanKeys(const JsonKeys& keys) {
  // With a list of ids in it, it is a data frame that was written by columns.
  const std::string_view column = keys.ValueOf("context.trace_id");
  if (!column.empty()) return column[0] != '{' && column[0] != '[';
  const bool has_context = keys.Has("context") || keys.HasAll("trace_id", "status_code");
  return has_context && keys.HasAll("span_kind", "parent_id");
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (HasSpanKeys(keys)) return true;
  for (const std::string_view page : kPages) {
    if (HasSpanKeys(TopKeys(keys.ValueOf(page)))) return true;
  }
  return false;
}

}  // namespace

const Importer kPhoenixJson = {
    .name = "phoenix_json",
    .description =
        "Arize Phoenix's spans: answers of its API, or data frames as JSON lines "
        "(to_json(orient='records', lines=True))",
    .short_name = "Phoenix",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
