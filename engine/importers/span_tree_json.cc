// SPDX-License-Identifier: MIT
#include "engine/importers/span_tree_json.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/importers/made_up_ids.h"
#include "engine/importers/span_tree_keys.h"
#include "engine/importers/span_words.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

using Use = SpanTreeUse;
using Row = SpanTreeRow;

constexpr std::string_view kPages[] = {"data", "traces"};
constexpr int kMaxNesting = 200;
// Orders the spans of a trace that have no times, from 1.
constexpr std::string_view kSequence = "halo.sequence";

const JsonNode* Find(const JsonNode& object, Use use) {
  for (const JsonNode& member : object) {
    const Row* const row = FindSpanTreeRow(member.key());
    if (row != nullptr && row->use == use && IsGiven(&member)) return &member;
  }
  return nullptr;
}

// A list of objects: "children" may also be a list of ids.
bool HoldsObjects(const JsonNode& list) {
  return list.is_array() && IsGiven(&list) && (*list.begin()).is_object();
}

const JsonNode* ChildrenOf(const JsonNode& object) {
  for (const JsonNode& member : object) {
    const Row* const row = FindSpanTreeRow(member.key());
    if (row != nullptr && row->use == Use::kChildren && HoldsObjects(member)) return &member;
  }
  return nullptr;
}

// What holds a list of spans without being one: it has no span id, and its list is called "spans",
// or it has no name either.
bool IsHolder(const JsonNode& object) {
  const JsonNode* const spans = ChildrenOf(object);
  if (spans == nullptr || Find(object, Use::kSpanId) != nullptr) return false;
  return FoldedKey(spans->key()).text() == "spans" || Find(object, Use::kName) == nullptr;
}

bool IsOpenInferenceKind(std::string_view word) {
  constexpr std::string_view kKinds[] = {"llm",       "agent",     "tool",     "chain",
                                         "retriever", "embedding", "reranker", "guardrail",
                                         "evaluator", "prompt"};
  return std::any_of(std::begin(kKinds), std::end(kKinds),
                     [&](std::string_view kind) { return ascii::EqualsFolded(word, kind); });
}

// Nanoseconds of "PT1M2.5S" (ISO 8601), or of "1.5s", "20ms", "300us", "5000ns"; -1 for others.
double ParseDuration(std::string_view text) {
  const bool is_iso = text.starts_with("PT") || text.starts_with("P0DT");
  if (is_iso) text.remove_prefix(text.find('T') + 1);
  double sum = 0;
  if (text.empty()) return -1;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !(number >= 0)) return -1;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::size_t size = 0;
    while (size < text.size() && std::isalpha(static_cast<unsigned char>(text[size]))) ++size;
    const std::string_view unit = text.substr(0, size);
    text.remove_prefix(size);
    if (is_iso) {
      if (unit != "H" && unit != "M" && unit != "S") return -1;
      sum += number * (unit == "H" ? 3600e9 : unit == "M" ? 60e9 : 1e9);
    } else if (unit == "s" || unit == "ms" || unit == "us" || unit == "ns") {
      sum += number * (unit == "s" ? 1e9 : unit == "ms" ? 1e6 : unit == "us" ? 1e3 : 1);
    } else {
      return -1;
    }
  }
  return sum;
}

class Reader final : public TreeSpanReader {
 public:
  Reader() : TreeSpanReader(kPages) {}

 private:
  // The spans around one that is being read.
  struct Place {
    std::string_view trace_id, parent_id;
    const JsonNode* holder = nullptr;  // what holds the roots
    int depth = 0;
  };

  void ReadTree(const JsonNode& object) override;
  void ReadHolder(const JsonNode& holder);
  void ReadChildren(const JsonNode& list, const Place& place);
  void ReadSpan(const JsonNode& node, const Place& place);
  void ReadIds(const JsonNode& node, const Place& place);
  void UseMember(const JsonNode& member);
  void ReadAttributes(const JsonNode& node);
  void ReadKind(const JsonNode& node);
  void ReadDuration(const JsonNode& node, double scale);
  void ReadStatus(const JsonNode& node);
  void ReadResource(const JsonNode& node);
  void ReadEvents(const JsonNode& list);
  void AddOfHolder(const JsonNode& holder);
  void AddService();
  void EndTimes();

  std::uint64_t count_ = 0;  // of the spans so far in the object
  double duration_ = -1;     // -1: none
  double scale_ = 0;         // nanoseconds of its unit; 0: not known
  const JsonNode* duration_at_ = nullptr;
  const JsonNode* service_ = nullptr;
};

void Reader::ReadTree(const JsonNode& object) {
  count_ = 0;
  if (IsHolder(object)) return ReadHolder(object);
  if (Find(object, Use::kSpanId) == nullptr && Find(object, Use::kName) == nullptr &&
      Find(object, Use::kSomeId) == nullptr) {
    return RefuseObject(object, "no span id and no name in it");
  }
  Place place;
  // A span that stands alone belongs to a trace that it must name.
  if (ChildrenOf(object) != nullptr && Find(object, Use::kTraceId) == nullptr) {
    place.trace_id = MadeUpTraceId(object.written(), RootOffset(), arena());
  }
  ReadSpan(object, place);
}

void Reader::ReadHolder(const JsonNode& holder) {
  Place place;
  place.holder = &holder;
  const JsonNode* id = Find(holder, Use::kTraceId);
  if (id == nullptr) id = Find(holder, Use::kSomeId);
  place.trace_id = IdOf(id, 16);
  if (place.trace_id.empty()) {
    place.trace_id = MadeUpTraceId(holder.written(), RootOffset(), arena());
  }
  ReadChildren(*ChildrenOf(holder), place);
}

void Reader::ReadChildren(const JsonNode& list, const Place& place) {
  for (const JsonNode& item : list) {
    if (!item.is_object() || place.depth == kMaxNesting) {
      RefuseObject(item, "a span is not an object, or nested too deeply");
    } else {
      ReadSpan(item, place);
    }
  }
}

void Reader::ReadSpan(const JsonNode& node, const Place& place) {
  BeginSpan(node);
  ++count_;
  duration_ = -1;
  scale_ = 0;
  duration_at_ = service_ = nullptr;
  ReadIds(node, place);
  for (const JsonNode& member : node) UseMember(member);
  AddService();
  if (place.holder != nullptr && span().parent_id.empty()) AddOfHolder(*place.holder);
  EndTimes();
  const Place inside{span().trace_id, span().span_id, nullptr, place.depth + 1};
  EndSpan();
  const JsonNode* const children = ChildrenOf(node);
  if (children != nullptr) ReadChildren(*children, inside);
}

void Reader::ReadIds(const JsonNode& node, const Place& place) {
  span().trace_id = IdOf(Find(node, Use::kTraceId), 16);
  if (span().trace_id.empty()) span().trace_id = place.trace_id;
  const JsonNode* id = Find(node, Use::kSpanId);
  if (id == nullptr) id = Find(node, Use::kSomeId);
  span().span_id = IdOf(id, 8);
  if (span().span_id.empty() && !span().trace_id.empty() &&
      (place.depth > 0 || ChildrenOf(node) != nullptr || place.holder != nullptr)) {
    span().span_id = MadeUpSpanId(span().trace_id, count_, arena());
  }
  span().parent_id = IdOf(Find(node, Use::kParent), 8);
  if (span().parent_id.empty()) span().parent_id = place.parent_id;
}

void Reader::UseMember(const JsonNode& member) {
  const Row* const row = FindSpanTreeRow(member.key());
  if (!IsGiven(&member)) return;
  if (row == nullptr) return Add(member.key(), &member);
  switch (row->use) {
    case Use::kTraceId:
    case Use::kSpanId:
    case Use::kSomeId:
    case Use::kParent:
      break;
    case Use::kName:
      if (span().name.empty()) span().name = TextOf(&member);
      break;
    case Use::kKind:
      ReadKind(member);
      break;
    case Use::kStart:
      builder().start = TimeOf(&member, "start time");
      break;
    case Use::kEnd:
      builder().end = TimeOf(&member, "end time");
      break;
    case Use::kDuration:
      ReadDuration(member, row->scale);
      break;
    case Use::kStatus:
      ReadStatus(member);
      break;
    case Use::kStatusMessage:
      span().status_message = TextOf(&member);
      break;
    case Use::kAttributes:
      ReadAttributes(member);
      break;
    case Use::kResource:
      ReadResource(member);
      break;
    case Use::kService:
      service_ = &member;
      break;
    case Use::kScope:
      resource().scope_name = TextOf(member.is_object() ? member.Find("name") : &member);
      resource().scope_version = TextOf(member.Find("version"));
      break;
    case Use::kScopeName:
      resource().scope_name = TextOf(&member);
      break;
    case Use::kScopeVersion:
      resource().scope_version = TextOf(&member);
      break;
    case Use::kEvents:
      ReadEvents(*Unpack(&member));
      break;
    case Use::kLinks:
      SetLinks(&member, {{}, "trace_id", "span_id"});
      break;
    case Use::kChildren:
      if (!HoldsObjects(member)) Add(member.key(), &member);
      break;
    case Use::kInside:
      for (const JsonNode& inner : member) UseMember(inner);
      break;
    case Use::kInput:
      Add("input.value", &member);
      break;
    case Use::kOutput:
      Add("output.value", &member);
      break;
    case Use::kModel:
      Add("llm.model_name", &member);
      break;
  }
}

// An object, or a list of {"key": ..., "value": ...}.
void Reader::ReadAttributes(const JsonNode& node) {
  if (!HoldsObjects(node)) return AddMembers(span().attributes, &node);
  for (const JsonNode& item : node) {
    const JsonNode* const key = item.Find("key");
    const std::string_view name = TextOf(key != nullptr ? key : item.Find("name"));
    const JsonNode* const value = item.Find("value");
    if (name.empty() || value == nullptr) {
      Lose(item, "attribute");
    } else {
      Add(name, value);
    }
  }
}

// OpenTelemetry's kind, or what the span does: llm, tool, agent.
void Reader::ReadKind(const JsonNode& node) {
  std::int64_t number = 0;
  if (node.Integer(number)) {
    span().otel_kind = KindWord(number);
    return;
  }
  std::string_view word = TextOf(&node);
  if (word == "function") word = "tool";
  if (word == "generation" || word == "response") word = "llm";
  if (IsOpenInferenceKind(word)) return AddText("openinference.span.kind", word);
  const std::string_view kind = KindWord(word.substr(word.rfind('.') + 1));
  constexpr std::string_view kKinds[] = {"INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};
  if (kind.empty() || std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds)) {
    span().otel_kind = kind;
  } else {
    Add(node.key(), &node);
  }
}

void Reader::ReadDuration(const JsonNode& node, double scale) {
  double number = 0;
  std::string_view text;
  duration_at_ = &node;
  if (node.Text(text)) {
    scale_ = 1;
    duration_ = ParseDuration(text);
    if (duration_ < 0) Add(node.key(), &node);
    return;
  }
  // The table of the Collector's exporter for ClickHouse is in nanoseconds.
  if (node.key() == "Duration") scale = 1;
  if (!node.Real(number) || !(number >= 0)) return Add(node.key(), &node);
  duration_ = number;
  scale_ = scale;
}

void Reader::ReadStatus(const JsonNode& node) {
  const JsonNode* code = &node;
  if (node.is_object()) {
    code = node.Find("status_code");
    if (code == nullptr) code = node.Find("code");
    for (const char* const key : {"message", "description"}) {
      if (span().status_message.empty()) span().status_message = TextOf(node.Find(key));
    }
  }
  std::int64_t number = 0;
  if (code != nullptr && code->Integer(number)) {
    span().status = StatusOf(number);
    return;
  }
  std::string_view word = TextOf(code);
  word = word.substr(word.rfind('.') + 1);
  span().status = StatusOf(word);
  for (const char* const failed : {"error", "errored", "failed", "failure", "exception"}) {
    if (ascii::EqualsFolded(word, failed)) span().status = StatusCode::kError;
  }
  for (const char* const succeeded : {"success", "succeeded", "completed"}) {
    if (ascii::EqualsFolded(word, succeeded)) span().status = StatusCode::kOk;
  }
}

void Reader::ReadResource(const JsonNode& node) {
  const JsonNode* const object = Unpack(&node);
  if (!object->is_object()) return Add(node.key(), &node);
  const JsonNode* const attributes = object->Find("attributes");
  AddMembers(resource().attributes, attributes != nullptr ? attributes : object);
}

void Reader::ReadEvents(const JsonNode& list) {
  if (!list.is_array()) return Lose(list, "events");
  for (const JsonNode& item : list) {
    if (!item.is_object()) {
      Lose(item, "event");
      continue;
    }
    const JsonNode *name = nullptr, *time = nullptr, *attributes = nullptr;
    for (const JsonNode& member : item) {
      const FoldedKey key(member.key());
      if (key.text() == "name" || key.text() == "eventname") name = &member;
      if (key.text().starts_with("time")) time = &member;  // time, timestamp, timeUnixNano
      if (key.text() == "attributes" || key.text() == "eventattributes") attributes = &member;
    }
    Event& event = AddEvent(TextOf(name), time);
    AddMembers(event.attributes, attributes);
    for (const JsonNode& member : item) {
      if (&member == name || &member == time || &member == attributes) continue;
      AddTo(event.attributes, member.key(), &member);
    }
  }
}

// What the holder says of the run is kept on its roots.
void Reader::AddOfHolder(const JsonNode& holder) {
  for (const JsonNode& member : holder) {
    const Row* const row = FindSpanTreeRow(member.key());
    if (!IsGiven(&member)) continue;
    if (row == nullptr) {
      Add(member.key(), &member);
    } else if (row->use == Use::kStatus && member.is_string()) {
      Add("run.status", &member);
    } else if (row->use == Use::kName) {
      Add("trace.name", &member);
    } else if (row->use == Use::kAttributes) {
      AddMembers(span().attributes, &member, "trace.");
    } else if (row->use == Use::kService) {
      service_ = &member;
      AddService();
    } else if (row->use == Use::kResource) {
      if (resource().attributes.empty()) ReadResource(member);
    }
  }
}

// The name of the service unless the resource has it.
void Reader::AddService() {
  const std::vector<Attribute>& known = resource().attributes;
  if (std::none_of(known.begin(), known.end(),
                   [](const Attribute& attribute) { return attribute.key == "service.name"; })) {
    AddTo(resource().attributes, "service.name", service_);
  }
}

void Reader::EndTimes() {
  constexpr double kMost = 100.0 * 365 * 86'400 * 1e9;
  const Moment& start = builder().start;
  Moment& end = builder().end;
  // Without a unit, a length has that of a start in nanoseconds or microseconds.
  if (scale_ == 0 && start.unit == TimeUnit::kNanos) scale_ = 1;
  if (scale_ == 0 && start.unit == TimeUnit::kMicros) scale_ = 1e3;
  const bool has_length = duration_ >= 0 && scale_ > 0 && duration_ * scale_ < kMost;
  const bool is_used = has_length && start.kind == Moment::Kind::kKnown;
  if (duration_ >= 0 && !is_used) Add(duration_at_->key(), duration_at_);
  if (start.kind == Moment::Kind::kAbsent && end.kind == Moment::Kind::kAbsent) {
    span().end_ns = kUnknownEnd;
    return span().attributes.push_back({kSequence, Value::Int(static_cast<std::int64_t>(count_))});
  }
  if (end.kind != Moment::Kind::kAbsent || duration_at_ == nullptr) return;
  span().end_ns = kUnknownEnd;
  if (!is_used) return;
  end = start;
  end.ns += static_cast<std::int64_t>(duration_ * scale_);
}

bool HasAny(const JsonKeys& keys, std::initializer_list<std::string_view> wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](std::string_view key) { return keys.Has(key); });
}

bool HasChildren(const JsonKeys& keys) {
  return HasAny(keys, {"child_spans", "childSpans", "sub_spans", "subSpans"}) ||
         (keys.Has("children") && HasAny(keys, {"name", "span_name", "spanName", "span_id"}) &&
          HasAny(keys, {"start_time", "startTime", "span_id", "spanId", "duration", "attributes",
                        "start", "duration_ms", "input", "output", "status"}));
}

bool IsFlatSpan(const JsonKeys& keys) {
  if (keys.HasAll("trace_id", "span_data") && keys.Has("id")) return true;
  if (!HasAny(keys, {"span_id", "spanId", "SpanId"})) return false;
  return HasAny(keys, {"span_name", "spanName", "SpanName", "parent_span_id", "parent_id",
                       "ParentSpanId", "start_time_unix_ns", "offset_ms"}) ||
         (keys.Has("name") && HasAny(keys, {"trace_id", "traceId"}));
}

// Spans with these keys, and none that HALO does not write, are HALO's.
bool IsHaloSpan(const JsonKeys& keys) {
  return keys.HasAll("trace_id", "span_id") && keys.Has("name") &&
         (keys.Has("start_time") || !keys.complete) &&
         !HasAny(keys, {"parent_id", "span_kind", "duration", "duration_ms", "service_name",
                        "resource_attributes"});
}

bool IsHolderOf(const JsonKeys& keys) {
  const JsonKeys span = TopKeys(keys.ValueOf("spans"));
  return IsFlatSpan(span) || HasChildren(span) ||
         (HasAny(span, {"name", "span_name"}) &&
          HasAny(span, {"id", "start_time", "startTime", "start", "type", "kind", "attributes"}));
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (HasChildren(keys) || IsHolderOf(keys)) return true;
  if (IsFlatSpan(keys) && !IsHaloSpan(keys)) return true;
  for (const std::string_view page : kPages) {
    const JsonKeys inner = TopKeys(keys.ValueOf(page));
    if (HasChildren(inner) || IsHolderOf(inner)) return true;
  }
  return false;
}

}  // namespace

const Importer kSpanTreeJson = {
    .name = "span_tree_json",
    .description =
        "spans with plain names (span_id or id, name, start_time, ...), alone, in a list of a "
        "larger object ({\"spans\": [...]}), or inside their parents (child_spans, children)",
    .short_name = "nested spans",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
