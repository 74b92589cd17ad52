// SPDX-License-Identifier: MIT
#include "engine/importers/tree_span_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/importers/span_links.h"
#include "engine/importers/span_words.h"
#include "engine/json/json_escapes.h"
#include "engine/json/value_scanner.h"
#include "engine/model/reject_reasons.h"
#include "schemas/json_string.h"

namespace halo {
namespace {

constexpr int kMaxPageDepth = 4;

bool IsWhole(const JsonNode& node) { return node.is_array() || node.is_object(); }

}  // namespace

bool IsGiven(const JsonNode* node) {
  if (node == nullptr || node->type() == JsonNode::Type::kNull) return false;
  std::string_view text;
  if (node->Text(text)) return !text.empty();
  return !IsWhole(*node) || node->begin() != node->end();
}

FoldedKey::FoldedKey(std::string_view key) {
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    if (size_ == sizeof(buffer_)) {
      size_ = 0;
      return;
    }
    buffer_[size_++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
}

JsonError TreeSpanReader::ReadObject(JsonObject& object) {
  bool is_page = false;
  const JsonError error = object.ForEachField([&](RawString key, Json& value) {
    if (value.type() != JsonType::kArray || depth_ == kMaxPageDepth || !IsPage(key)) {
      return JsonError::kOk;
    }
    is_page = true;
    ++depth_;
    const JsonError inner = value.ForEachItem([&](Json& item) {
      JsonObject one;
      if (item.type() == JsonType::kObject) {
        const JsonError opened = one.Open(item);
        return Failed(opened) ? opened : ReadObject(one);
      }
      Refuse(kNotASpan, item.data(), "an item of the list is not an object");
      return JsonError::kOk;
    });
    --depth_;
    return inner;
  });
  return Failed(error) || is_page ? error : ReadWhole(object.data());
}

bool TreeSpanReader::IsPage(RawString key) const {
  return std::any_of(pages_.begin(), pages_.end(),
                     [&](std::string_view page) { return key.Is(page); });
}

JsonError TreeSpanReader::ReadWhole(const char* begin) {
  ValueScanner scanner;
  const std::string_view rest = RestFrom(begin);
  const std::size_t size = scanner.Scan(rest);
  if (scanner.state() != ValueScanner::State::kDone) return JsonError::kInvalid;
  trees_.Reset();
  const JsonNode* const root = trees_.Parse(rest.substr(0, size));
  if (root == nullptr) return JsonError::kInvalid;
  root_at_ = span_at_ = begin;
  ReadTree(*root);
  return JsonError::kOk;
}

void TreeSpanReader::BeginSpan(const JsonNode& where) {
  span_at_ = Holds(where.written().data()) ? where.written().data() : root_at_;
  builder_.Clear();
  keys_.clear();
  indexed_ = 0;
  resource_.attributes.clear();
  resource_.scope_attributes.clear();
  resource_.scope_name = resource_.scope_version = {};
}

void TreeSpanReader::EndSpan() { FinishSpan(builder_, resource_, span_at_); }

// The position of a node in the record; of the span, if the node was unpacked from a string.
const char* TreeSpanReader::Where(const JsonNode& node) const {
  const char* const where = node.written().data();
  return Holds(where) ? where : span_at_;
}

void TreeSpanReader::Lose(const JsonNode& node, std::string_view what, std::string_view reason) {
  values().losses().push_back({reason, Where(node), what});
}

// A string that is not valid may only have a lone surrogate.
bool TreeSpanReader::DecodeText(const JsonNode& node, std::string_view& out) {
  if (node.Text(out)) return true;
  if (!node.is_string() || node.written().size() < 2) return false;
  const std::string_view content = node.written().substr(1, node.written().size() - 2);
  const std::size_t escape = content.find('\\');
  return escape != content.npos && !Failed(DecodeJsonEscapes(content, escape, arena(), out));
}

JsonError TreeSpanReader::AppendNode(const JsonNode& node, std::string& out, int depth) {
  if (!IsWhole(node)) {
    std::string_view text;
    if (node.is_valid()) {
      out += node.written();
    } else if (DecodeText(node, text)) {
      AppendJsonString(text, out);
    } else {
      return JsonError::kWrongType;
    }
    return JsonError::kOk;
  }
  if (depth == kMaxValueDepth) return JsonError::kTooDeep;
  out += node.is_array() ? '[' : '{';
  bool is_first = true;
  for (const JsonNode& child : node) {
    if (!std::exchange(is_first, false)) out += ',';
    if (node.is_object()) {
      AppendJsonString(child.key(), out);
      out += ':';
    }
    if (const JsonError error = AppendNode(child, out, depth + 1); Failed(error)) return error;
  }
  out += node.is_array() ? ']' : '}';
  return JsonError::kOk;
}

Value TreeSpanReader::ValueOf(const JsonNode* node) {
  if (node == nullptr || node->type() == JsonNode::Type::kNull) return {};
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::string_view text;
  if (node->Integer(integer)) return Value::Int(integer);
  if (node->Real(real)) return Value::Double(real);
  if (node->Bool(flag)) return Value::Bool(flag);
  if (DecodeText(*node, text)) return Value::Text(text);
  JsonError error = JsonError::kWrongType;
  if (IsWhole(*node)) {
    scratch_.clear();
    error = AppendNode(*node, scratch_, 0);
    if (!Failed(error)) return Value::Json(arena().Copy(scratch_));
  }
  Lose(*node, "value", error == JsonError::kTooDeep ? kNestedTooDeeply : kMalformedPart);
  return {};
}

std::string_view TreeSpanReader::TextOf(const JsonNode* node) {
  std::string_view text;
  if (node == nullptr || DecodeText(*node, text)) return text;
  return node->type() == JsonNode::Type::kNumber && node->is_valid() ? node->written() : text;
}

void TreeSpanReader::AddTo(std::vector<Attribute>& out, std::string_view key,
                           const JsonNode* node) {
  const Value value = ValueOf(node);
  if (value.type == Value::Type::kNull || (value.has_text() && value.text.empty())) return;
  out.push_back({key, value});
}

void TreeSpanReader::AddText(std::string_view key, std::string_view text) {
  if (!text.empty()) span().attributes.push_back({key, Value::Text(text)});
}

bool TreeSpanReader::Has(std::string_view key) {
  const std::vector<Attribute>& attributes = span().attributes;
  for (; indexed_ < attributes.size(); ++indexed_) keys_.insert(attributes[indexed_].key);
  return keys_.contains(key);
}

const JsonNode* TreeSpanReader::Unpack(const JsonNode* node) {
  std::string_view text;
  if (node == nullptr || !node->Text(text) || !LooksLikeJson(text)) return node;
  const JsonNode* const inner = trees_.Parse(text);
  return inner != nullptr && inner->is_alone() && IsWhole(*inner) && inner->is_valid() ? inner
                                                                                       : node;
}

void TreeSpanReader::AddMembers(std::vector<Attribute>& out, const JsonNode* object,
                                std::string_view prefix) {
  object = Unpack(object);
  if (object == nullptr || object->type() == JsonNode::Type::kNull) return;
  if (!object->is_object()) return Lose(*object, "attributes");
  for (const JsonNode& member : *object) {
    AddTo(out, prefix.empty() ? member.key() : arena().Join({prefix, member.key()}), &member);
  }
}

std::string_view TreeSpanReader::IdOf(const JsonNode* node, std::size_t bytes) {
  if (node == nullptr || node->type() == JsonNode::Type::kNull) return {};
  std::string_view id = TextOf(node);
  if (id.empty() && !node->is_string()) builder_.SetProblem(kWrongType, "id");
  if (id.starts_with("0x") || id.starts_with("0X")) id.remove_prefix(2);
  return CanonicalId(id, bytes, arena());
}

bool TreeSpanReader::ReadTime(const JsonNode* node, Moment& out) {
  if (node == nullptr || node->type() == JsonNode::Type::kNull) return true;
  out.where = Where(*node);
  std::int64_t integer = 0, nanos = 0;
  double real = 0;
  std::string_view text;
  if (node->Integer(integer)) return ReadMoment(integer, out);
  if (node->Real(real)) return ReadMoment(real, out);
  if (node->Text(text)) return ReadMoment(text, out);
  const bool is_list = node->is_array() || (node->is_object() && node->Find("1") != nullptr);
  if (!is_list || node->begin() == node->end()) return false;
  // OpenTelemetry's HrTime in JavaScript, seconds and nanoseconds; some serialisers write arrays as
  // {"0": ..., "1": ...}.
  auto item = node->begin();
  if (!(*item).Integer(integer) || ++item == node->end() || !(*item).Integer(nanos)) return false;
  constexpr std::int64_t kMostSeconds = 9'000'000'000, kSecond = 1'000'000'000;
  if (integer < 0 || integer > kMostSeconds || nanos < 0 || nanos >= kSecond) return false;
  return ReadMoment(integer * kSecond + nanos, out);
}

Moment TreeSpanReader::TimeOf(const JsonNode* node, std::string_view field) {
  Moment moment;
  if (!ReadTime(node, moment)) builder_.SetProblem(kInvalidTimestamp, field);
  return moment;
}

Event& TreeSpanReader::AddEvent(std::string_view name, const JsonNode* time) {
  Moment moment;
  if (!ReadTime(time, moment)) Lose(*time, "time of an event");
  if (moment.kind == Moment::Kind::kImplausible) Lose(*time, "time of an event", kImplausibleTime);
  Event& event = builder_.AddEvent();
  event.name = name;
  event.time_ns = moment.kind == Moment::Kind::kKnown ? moment.ns : 0;
  return event;
}

void TreeSpanReader::AddEvents(const JsonNode* list, const EventKeys& keys) {
  list = Unpack(list);
  if (!IsGiven(list)) return;
  if (!list->is_array()) return Lose(*list, "events");
  for (const JsonNode& item : *list) {
    if (!item.is_object()) {
      Lose(item, "event");
      continue;
    }
    Event& event = AddEvent(TextOf(item.Find(keys.name)), item.Find(keys.time));
    AddMembers(event.attributes, item.Find(keys.attributes));
  }
}

void TreeSpanReader::SetLinks(const JsonNode* list, const LinkKeys& keys) {
  list = Unpack(list);
  if (!IsGiven(list)) return;
  if (!list->is_array()) return Lose(*list, "links");
  std::string text = "[";
  for (const JsonNode& item : *list) {
    const JsonNode* const context = keys.context.empty() ? &item : item.Find(keys.context);
    if (context == nullptr || !context->is_object()) {
      Lose(item, "link");
      continue;
    }
    const Value attributes = ValueOf(item.Find("attributes"));
    AppendSpanLink({IdOf(context->Find(keys.trace_id), 16), IdOf(context->Find(keys.span_id), 8),
                    attributes.type == Value::Type::kJson ? std::string(attributes.text) : ""},
                   text);
  }
  if (text.size() > 1) span().links = arena().Copy(text += ']');
}

}  // namespace halo
