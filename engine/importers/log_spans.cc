// SPDX-License-Identifier: MIT
#include "engine/importers/log_spans.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "engine/base/hash.h"
#include "engine/importers/span_times.h"
#include "engine/importers/span_words.h"
#include "engine/json/parse_integer.h"
#include "engine/model/from_log.h"

namespace halo {
namespace {

constexpr std::string_view kEventName = "event.name", kGenAi = "gen_ai.";
// Claude Code's words for a text that the user did not allow to be logged.
constexpr std::string_view kWithheld[] = {"<REDACTED>", "[REDACTED]"};

const Value* Find(const std::vector<Attribute>& attributes, std::string_view key) {
  if (key.empty()) return nullptr;
  for (const Attribute& attribute : attributes) {
    if (attribute.key == key) return &attribute.value;
  }
  return nullptr;
}

std::string_view TextAt(const std::vector<Attribute>& attributes, std::string_view key) {
  const Value* const value = Find(attributes, key);
  return value && value->type == Value::Type::kText ? value->text : std::string_view();
}

// A number, also one written as text; -1 if it is not a number.
double NumberOf(const Value* value) {
  if (value == nullptr) return -1;
  if (value->type == Value::Type::kInt) return static_cast<double>(value->integer);
  if (value->type == Value::Type::kDouble) return value->real;
  std::int64_t integer = 0;
  if (value->type == Value::Type::kText && ParseInteger(value->text, integer)) {
    return static_cast<double>(integer);
  }
  return -1;
}

bool IsFalse(const Value& value) {
  return (value.type == Value::Type::kBool && value.integer == 0) || value.text == "false";
}

bool IsTrue(const Value& value) {
  return (value.type == Value::Type::kBool && value.integer != 0) || value.text == "true";
}

std::string_view AfterMark(std::string_view text, std::string_view mark) {
  const std::size_t at = mark.empty() ? text.npos : text.find(mark);
  return at == text.npos ? text : text.substr(at + mark.size());
}

// The time of an event that has no other is written as text.
std::int64_t TimeOf(const LogRecord& record) {
  if (record.time_ns > 0) return record.time_ns;
  std::int64_t ns = 0;
  const std::string_view text = TextAt(record.attributes, "event.timestamp");
  return !text.empty() && ParseTime(text, ns) ? ns : record.observed_ns;
}

Value ValueOf(const JsonNode& node) {
  std::string_view text;
  std::int64_t integer = 0;
  double real = 0;
  bool truth = false;
  if (node.Text(text)) return Value::Text(text);
  if (node.Integer(integer)) return Value::Int(integer);
  if (node.Real(real)) return Value::Double(real);
  if (node.Bool(truth)) return Value::Bool(truth);
  return node.is_array() || node.is_object() ? Value::Json(node.written()) : Value();
}

bool HasIds(const LogRecord& record) { return !record.trace_id.empty() && !record.span_id.empty(); }

}  // namespace

std::size_t LogSpans::Convert(std::span<const LogRecord> records, const Resource& resource,
                              const Emit& emit) {
  trees_.Reset();
  last_span_ = {};
  spans_are_exported_ = std::any_of(records.begin(), records.end(), HasIds);
  std::size_t unknown = 0;
  for (const LogRecord& record : records) {
    Clear();
    const Use use = Read(record, resource);
    unknown += use == Use::kUnknown;
    if (use != Use::kSpan) continue;
    span_.resource = &resource;
    emit(span_, record.where);
  }
  return unknown;
}

// Keeps the memory of the lists.
void LogSpans::Clear() {
  std::vector<Attribute> attributes = std::move(span_.attributes);
  std::vector<Event> events = std::move(span_.events);
  attributes.clear();
  for (Event& event : events) event.attributes.clear();
  span_ = {};
  span_.attributes = std::move(attributes);
  span_.events = std::move(events);
}

LogSpans::Use LogSpans::Read(const LogRecord& record, const Resource& resource) {
  std::string_view event = TextAt(record.attributes, kEventName);
  if (event.empty()) event = record.event_name;
  if (event.starts_with(kGenAi)) return ReadContent(record, event);
  for (const LogDialect* const dialect : AllLogDialects()) {
    const bool has_prefix = event.starts_with(dialect->prefix);
    const bool is_of_it =
        has_prefix || resource.scope_name.starts_with(dialect->scope) ||
        (record.body.type == Value::Type::kText && record.body.text.starts_with(dialect->prefix));
    if (!is_of_it) continue;
    if (has_prefix) event.remove_prefix(dialect->prefix.size());
    return ReadOf(*dialect, event, record);
  }
  return Use::kUnknown;
}

// The content is the body, as an object or as its text, or is in the attributes.
LogSpans::Use LogSpans::ReadContent(const LogRecord& record, std::string_view event) {
  if (!HasIds(record)) return Use::kUnknown;
  span_.trace_id = record.trace_id;
  span_.span_id = record.span_id;
  span_.start_ns = TimeOf(record);
  span_.name = "chat";
  span_.attributes.push_back({kFromLogKey, Value::Bool(true)});
  span_.attributes.push_back({"gen_ai.operation.name", Value::Text("chat")});
  Event& out = AddEvent(event, TimeOf(record));
  const JsonNode* const body = record.body.has_text() ? trees_.Parse(record.body.text) : nullptr;
  if (body != nullptr && body->is_object()) {
    for (const JsonNode& member : *body) out.attributes.push_back({member.key(), ValueOf(member)});
  } else if (record.body.has_text() && !record.body.text.empty()) {
    out.attributes.push_back({"content", record.body});
  }
  std::unordered_set<std::string_view> given;
  for (const Attribute& attribute : out.attributes) given.insert(attribute.key);
  for (const Attribute& attribute : record.attributes) {
    if (attribute.key != kEventName && given.insert(attribute.key).second) {
      out.attributes.push_back(attribute);
    }
  }
  return Use::kSpan;
}

LogSpans::Use LogSpans::ReadOf(const LogDialect& dialect, std::string_view event,
                               const LogRecord& record) {
  const auto rule =
      std::find_if(dialect.events.begin(), dialect.events.end(), [&](const LogEventRule& one) {
        return one.event == event && (one.needs.empty() || Find(record.attributes, one.needs));
      });
  if (rule == dialect.events.end() || TextAt(record.attributes, dialect.session).empty()) {
    return Use::kNothing;
  }
  // Whether a tool may run tells nothing of a call that cannot be found again.
  if (rule->part == LogPart::kChoice && !Find(record.attributes, dialect.call_id)) {
    return Use::kNothing;
  }
  if (dialect.spans_repeat_records && spans_are_exported_ && !HasIds(record)) return Use::kNothing;
  Place(dialect, *rule, record);
  SetTimes(dialect, *rule, record);
  Describe(dialect, *rule, record);
  return Use::kSpan;
}

// The ids of the span: those of the record, else hashes of what identifies the turn and the call.
void LogSpans::Place(const LogDialect& dialect, const LogEventRule& rule, const LogRecord& record) {
  const std::string_view session = TextAt(record.attributes, dialect.session);
  const std::string_view turn = TextAt(record.attributes, dialect.turn);
  const bool has_ids = HasIds(record);
  const std::string_view run = trees_.arena().Join({dialect.name, "\n", session, "\n", turn});
  span_.trace_id = has_ids ? record.trace_id : HexId("trace", run, 32);
  const std::string_view own_turn =
      has_ids && dialect.span_is_turn ? record.span_id : HexId("turn", run, 16);
  if (rule.part == LogPart::kPrompt || rule.part == LogPart::kAnswer) {
    span_.span_id = own_turn;
    if (has_ids && !dialect.span_is_turn) span_.parent_id = record.span_id;
    return;
  }
  // The record of a choice has the ids of the wait for it, a part of the call.
  const bool knows_parent = rule.part != LogPart::kChoice || !has_ids;
  if (knows_parent) span_.parent_id = has_ids ? record.span_id : own_turn;
  const std::string_view call = TextAt(record.attributes, dialect.call_id);
  const std::string_view id = rule.part == LogPart::kCall || call.empty()
                                  ? Fingerprint(record)
                                  : trees_.arena().Join({run, "\n", call});
  span_.span_id = HexId(rule.part == LogPart::kCall ? "call" : "tool", id, 16);
}

void LogSpans::SetTimes(const LogDialect& dialect, const LogEventRule& rule,
                        const LogRecord& record) {
  const std::int64_t now_ns = TimeOf(record);
  span_.start_ns = now_ns;
  if (rule.part != LogPart::kCall && rule.part != LogPart::kTool) return;
  // A record is written at the end of its call.
  const double ms = NumberOf(Find(record.attributes, dialect.duration_ms));
  const bool has_length = ms >= 0 && ms * 1e6 < static_cast<double>(now_ns);
  span_.end_ns = has_length ? now_ns : kUnknownEnd;
  if (has_length) span_.start_ns = now_ns - std::llround(ms * 1e6);
}

void LogSpans::Describe(const LogDialect& dialect, const LogEventRule& rule,
                        const LogRecord& record) {
  const bool is_turn = rule.part == LogPart::kPrompt || rule.part == LogPart::kAnswer;
  const bool is_call = rule.part == LogPart::kCall;
  span_.attributes.push_back({kFromLogKey, Value::Bool(true)});
  span_.attributes.push_back({"gen_ai.operation.name", Value::Text(is_turn   ? "invoke_agent"
                                                                   : is_call ? "chat"
                                                                             : "execute_tool")});
  span_.attributes.push_back(
      {"gen_ai.conversation.id", Value::Text(TextAt(record.attributes, dialect.session))});
  const std::string_view said = rule.part == LogPart::kPrompt   ? "gen_ai.user.message"
                                : rule.part == LogPart::kAnswer ? "gen_ai.choice"
                                : rule.part == LogPart::kCall   ? "model_call"
                                : rule.part == LogPart::kTool   ? "tool_result"
                                                                : "tool_decision";
  Event& event =
      AddEvent(is_turn ? said : trees_.arena().Join({dialect.prefix, said}), TimeOf(record));
  Copy(rule.to_span, record, span_.attributes);
  if (!is_call) Copy(rule.to_event, record, event.attributes);
  std::unordered_set<std::string_view> given;
  for (const Attribute& attribute : event.attributes) given.insert(attribute.key);
  for (const Attribute& attribute : record.attributes) {
    const bool is_known = attribute.key == kEventName || attribute.key == dialect.session ||
                          !given.insert(attribute.key).second ||
                          std::find(dialect.left_out.begin(), dialect.left_out.end(),
                                    attribute.key) != dialect.left_out.end();
    if (!is_known) event.attributes.push_back(attribute);
  }
  const std::string_view tool = TextAt(span_.attributes, "gen_ai.tool.name");
  span_.name = is_turn        ? dialect.turn_name
               : is_call      ? dialect.call_name
               : tool.empty() ? std::string_view("execute_tool")
                              : trees_.arena().Join({"execute_tool ", tool});
}

void LogSpans::Copy(std::span<const LogKey> keys, const LogRecord& record,
                    std::vector<Attribute>& out) {
  for (const LogKey& key : keys) {
    const Value* const value = Find(record.attributes, key.from);
    if (value != nullptr) CopyOne(key, *value, out);
  }
}

void LogSpans::CopyOne(const LogKey& key, const Value& value, std::vector<Attribute>& out) {
  const auto known = std::find_if(
      out.begin(), out.end(), [&](const Attribute& attribute) { return attribute.key == key.to; });
  if (key.copy == LogCopy::kCount) {
    const double number = NumberOf(&value);
    if (number < 0 || number > 1e15) return;
    const auto count = static_cast<std::int64_t>(number);
    if (known != out.end()) {
      known->value.integer += count;
    } else {
      out.push_back({key.to, Value::Int(count)});
    }
    return;
  }
  Value copy = value;
  switch (key.copy) {
    case LogCopy::kMember:
      copy = Value::Text(Member(value, key.of));
      break;
    case LogCopy::kAfter:
      if (copy.type == Value::Type::kText) copy.text = AfterMark(copy.text, key.of);
      break;
    case LogCopy::kFailure:
      if (IsTrue(value) || (value.has_text() && value.text.empty())) return;
      Fail(IsFalse(value) ? std::string_view() : value.text);
      if (IsFalse(value)) copy = Value::Text("call_failed");
      break;
    case LogCopy::kError:
      if (span_.status != StatusCode::kError || value.type != Value::Type::kText) return;
      copy.text = AfterMark(value.text, key.of);
      Fail(copy.text);
      break;
    default:
      break;
  }
  const bool is_withheld =
      copy.type == Value::Type::kText &&
      (copy.text.empty() ||
       std::find(std::begin(kWithheld), std::end(kWithheld), copy.text) != std::end(kWithheld));
  if (known == out.end() && !is_withheld) out.push_back({key.to, copy});
}

void LogSpans::Fail(std::string_view message) {
  span_.status = StatusCode::kError;
  if (!message.empty()) span_.status_message = message;
}

std::string_view LogSpans::Member(const Value& object, std::string_view name) {
  const JsonNode* const root = object.has_text() ? trees_.Parse(object.text) : nullptr;
  const JsonNode* const member = root != nullptr && root->is_object() ? root->Find(name) : nullptr;
  std::string_view text;
  if (member != nullptr) member->Text(text);
  return text;
}

std::string_view LogSpans::HexId(std::string_view what, std::string_view of, std::size_t digits) {
  char* const begin = trees_.arena().Allocate(digits);
  std::uint64_t hash = MixHash(Fnv1a(what), Fnv1a(of));
  for (std::size_t i = 0; i < digits; ++i) {
    if (i % 16 == 0) hash = MixHash(hash, i + 1);
    begin[i] = "0123456789abcdef"[hash >> (i % 16 * 4) & 15];
  }
  return {begin, digits};
}

// A hash of the whole record, for one without an id of its own: the same record gives the same.
std::string_view LogSpans::Fingerprint(const LogRecord& record) {
  std::uint64_t hash = static_cast<std::uint64_t>(TimeOf(record));
  for (const Attribute& attribute : record.attributes) {
    hash = MixHash(hash, Fnv1a(attribute.key));
    hash = MixHash(hash, attribute.value.has_text()
                             ? Fnv1a(attribute.value.text)
                             : static_cast<std::uint64_t>(attribute.value.integer) ^
                                   std::bit_cast<std::uint64_t>(attribute.value.real));
  }
  char* const bytes = trees_.arena().Allocate(sizeof hash);
  std::copy_n(reinterpret_cast<const char*>(&hash), sizeof hash, bytes);
  return {bytes, sizeof hash};
}

Event& LogSpans::AddEvent(std::string_view name, std::int64_t time_ns) {
  const bool is_same = span_.span_id == last_span_ && time_ns == last_time_ns_;
  same_times_ = is_same ? same_times_ + 1 : 0;
  last_span_ = span_.span_id;
  last_time_ns_ = time_ns;
  span_.events.resize(1);
  Event& event = span_.events.front();
  event.name = name;
  event.time_ns = time_ns + same_times_;
  return event;
}

}  // namespace halo
