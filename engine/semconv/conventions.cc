// SPDX-License-Identifier: MIT
#include "engine/semconv/conventions.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/json/json_shape.h"
#include "engine/semconv/evaluations.h"
#include "engine/semconv/message_fields.h"
#include "engine/semconv/span_reading.h"
#include "engine/semconv/tool_result.h"
#include "engine/semconv/usage_fields.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

// Takes the name of a tool or agent from the end of the span's name if no attribute gives it.
void ResolveName(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  std::string_view rest = span.name;
  for (const Convention* const convention : reading.conventions) {
    for (const NameRule& rule : convention->names) {
      if (!span.name.starts_with(rule.prefix)) continue;
      if (!reading.has_kind && rule.decides_kind) {
        reading.has_kind = true;
        fields.kind = rule.kind;
        fields.convention = convention->name;
      }
      if (rule.kind == fields.kind && rest.size() == span.name.size()) {
        rest = span.name.substr(rule.prefix.size());
      }
    }
  }
  if (fields.kind == Kind::kTool && fields.tool.empty()) {
    fields.tool = rest;
    fields.tool_named_by_span = rest.size() == span.name.size();
  }
  if (fields.kind == Kind::kAgent && fields.agent.empty()) fields.agent = rest;
}

void ResolveOwnName(SpanReading& reading) {
  SpanFields& fields = reading.fields;
  if (reading.Has(Field::kPartnerName)) {
    const std::string_view partner = reading.TextOf(Field::kPartnerName);
    const bool names_model = fields.request_model.empty() && fields.response_model.empty();
    if (fields.kind == Kind::kLlm && names_model) fields.request_model = partner;
    if (fields.kind == Kind::kTool && fields.agent.empty()) fields.agent = partner;
  }
  if (!reading.Has(Field::kOwnName)) return;
  const std::string_view name = reading.TextOf(Field::kOwnName);
  if (fields.kind == Kind::kTool && fields.tool.empty()) fields.tool = name;
  if (fields.kind == Kind::kAgent && fields.agent.empty()) fields.agent = name;
  if (fields.kind == Kind::kLlm && fields.request_model.empty() && fields.response_model.empty()) {
    const std::size_t slash = name.find('/');  // "googleai/gemini-2.5-flash"
    fields.request_model = name.substr(slash == name.npos ? 0 : slash + 1);
    if (fields.provider.empty() && slash != name.npos) fields.provider = name.substr(0, slash);
  }
}

void ResolveKind(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  const auto has = [&](Field field) { return reading.Has(field); };
  const auto claim = [&](Kind kind, Field by) {
    if (reading.has_kind || !has(by)) return;
    reading.has_kind = true;
    fields.kind = kind;
    fields.convention = reading.conventions[reading.At(by).convention]->name;
  };
  const Field model = has(Field::kRequestModel) ? Field::kRequestModel : Field::kResponseModel;
  // Token counts outrank a tool's name: a model call may name the tool that it requests. It does
  // not have the tool's result.
  if (has(Field::kTool) && has(Field::kToolResult)) claim(Kind::kTool, Field::kTool);
  if (has(Field::kInputTokens) || has(Field::kOutputTokens) || has(Field::kFreshInputTokens) ||
      has(Field::kPlainOutputTokens)) {
    claim(Kind::kLlm, model);
  }
  for (const Field field : {Field::kTool, Field::kToolArguments, Field::kToolResult}) {
    claim(Kind::kTool, field);
  }
  if (has(Field::kMessagesIn) || has(Field::kMessagesOut) || !reading.flat.empty()) {
    claim(Kind::kLlm, model);
  }
  ResolveOwnName(reading);
  const bool needs_name = (fields.kind == Kind::kTool && fields.tool.empty()) ||
                          (fields.kind == Kind::kAgent && fields.agent.empty());
  if (!reading.has_kind || needs_name) ResolveName(span, reading);
}

void ResolveFailure(SpanReading& reading) {
  SpanFields& fields = reading.fields;
  fields.error_type = reading.LocatedOf({Field::kErrorType, Field::kExceptionType});
  fields.exception_message = reading.LocatedOf({Field::kExceptionMessage});
  fields.error_flag = reading.LocatedOf({Field::kErrorFlag, Field::kError});
  if (reading.Has(Field::kError) && fields.exception_message.text.empty()) {
    const Value& value = *reading.At(Field::kError).value;
    if (!SaysTrue(value) && value.has_text()) {
      fields.exception_message = reading.LocatedOf(Field::kError);
    }
  }
  if (fields.error_type.text == "tool_error") fields.error_flag = fields.error_type;
  if (fields.kind == Kind::kTool && reading.Has(Field::kSuccess) &&
      fields.error_flag.path.empty() && SaysFalse(*reading.At(Field::kSuccess).value)) {
    fields.error_flag = reading.LocatedOf(Field::kSuccess);
  }
}

// An evaluator's attributes and output hold its verdict under generic names, such as "score".
void ReadEvaluation(const Span& span, SpanReading& reading) {
  std::vector<OutcomeMark>& marks = reading.fields.outcome_marks;
  const auto take = [&](const std::vector<Attribute>& members) {
    for (const Attribute& member : members) {
      if (IsOneOfFolded(member.key, {"label", "correct", "grade", "pass"}) &&
          !IsAbsent(member.value)) {
        marks.push_back({member.key, member.value});
      }
    }
  };
  take(span.attributes);
  const std::vector<Attribute>& members =
      reading.MembersOf(reading.fields.output.text, MemberDepth::kTop);
  take(members);
  for (const Attribute& member : members) {
    for (const KeyUse& use : reading.table.Find(member.key)) {
      if (use.field == Field::kOutcome || use.field == Field::kSuccess) {
        marks.push_back({member.key, member.value});
      }
    }
  }
}

void ResolveFinishReason(SpanReading& reading) {
  if (!reading.Has(Field::kFinishReason)) return;
  reading.fields.finish_reason = reading.LocatedOf(Field::kFinishReason);
  // A list of reasons, one per choice: the first counts.
  std::string_view& text = reading.fields.finish_reason.text;
  if (!text.starts_with('[')) return;
  const std::size_t begin = text.find('"');
  const std::size_t end = begin == text.npos ? begin : text.find('"', begin + 1);
  text = end == text.npos ? std::string_view() : text.substr(begin + 1, end - begin - 1);
}

void ResolveHumanWait(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  const std::string_view name = fields.kind == Kind::kTool ? fields.tool : span.name;
  for (const Convention* const convention : reading.conventions) {
    for (const std::string_view wait : convention->human_waits) {
      if (wait == name) fields.is_human_wait = true;
    }
  }
}

// The arguments inside {"args": [...], "kwargs": {...}} and its like; all of it where there are
// none.
Located ArgumentsOf(SpanReading& reading) {
  if (reading.Has(Field::kToolArguments) || !reading.Has(Field::kToolEnvelope)) {
    return reading.LocatedOf({Field::kToolArguments, Field::kInput});
  }
  Located at = reading.LocatedOf(Field::kToolEnvelope);
  const JsonNode* const root = LooksLikeJson(at.text) ? reading.json.Parse(at.text) : nullptr;
  if (root == nullptr || !root->is_object()) return at;
  for (const char* const key : {"kwargs", "inputs"}) {
    const JsonNode* const object = root->Find(key);
    if (object == nullptr || !object->is_object() || !(object->begin() != object->end())) continue;
    at.text = object->written();
    return at;
  }
  const JsonNode* const list = root->Find("args");
  if (list != nullptr && list->is_array()) {
    for (const JsonNode& item : *list) {
      if (item.is_object()) at.text = item.written();
      return at;
    }
  }
  const JsonNode* const text = root->Find("input_str");
  if (text != nullptr) text->Text(at.text);
  return at;
}

void Resolve(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  fields.project = reading.TextOf(Field::kProject);
  fields.service = reading.TextOf(Field::kService);
  fields.version = reading.TextOf(Field::kVersion);
  fields.environment = reading.TextOf(Field::kEnvironment);
  fields.session = reading.TextOf(Field::kSession);
  fields.user = reading.TextOf(Field::kUser);
  fields.task = reading.TextOf(Field::kTask);
  fields.tags = reading.TextOf(Field::kTags);
  fields.agent = reading.TextOf(Field::kAgent);
  fields.agent_id = reading.TextOf(Field::kAgentId);
  fields.provider = WithoutQuotes(reading.TextOf(Field::kProvider));
  fields.request_model = WithoutQuotes(reading.TextOf(Field::kRequestModel));
  fields.response_model = WithoutQuotes(reading.TextOf(Field::kResponseModel));
  fields.tool = reading.TextOf(Field::kTool);
  fields.tool_call_id = reading.TextOf(Field::kToolCallId);
  ResolveKind(span, reading);
  ResolveUsage(span, reading);
  ResolveFailure(reading);
  const bool is_tool = fields.kind == Kind::kTool;
  fields.input =
      is_tool ? ArgumentsOf(reading) : reading.LocatedOf({Field::kInput, Field::kMessagesIn});
  fields.output = is_tool ? reading.LocatedOf({Field::kToolResult, Field::kOutput})
                          : reading.LocatedOf({Field::kOutput, Field::kMessagesOut});
  // What is said in events: a tool's arguments and result, or what an agent was asked and answered.
  if (fields.input.path.empty()) fields.input = reading.event_in;
  if (fields.output.path.empty()) fields.output = reading.event_out;
  if (is_tool) fields.output = WithoutWrapping(fields.output, reading.json);
  ResolveFinishReason(reading);
  if (fields.kind == Kind::kLlm) ResolveMessages(reading);
  if (fields.kind == Kind::kEvaluator) ReadEvaluation(span, reading);
  ReadEvaluations(span, reading);
  ResolveHumanWait(span, reading);
  const auto count = [&](Field field, std::int64_t none) {
    const bool given = reading.Has(field) && reading.At(field).value->type == Value::Type::kInt;
    return given ? std::max<std::int64_t>(0, reading.At(field).value->integer) : none;
  };
  fields.sequence = count(Field::kSequence, 0);
  fields.user_turns = count(Field::kUserTurns, -1);
  fields.unread_keys = reading.unread.Join(reading.json.arena());
}

// Whether the text ends with a mark of truncation in brackets: "[truncated]", "{... 12 more}".
bool EndsWithMark(std::string_view text) {
  constexpr std::size_t kMarkBytes = 48;
  if (text.size() > kMarkBytes) text.remove_prefix(text.size() - kMarkBytes);
  for (const std::string_view mark :
       {"...", "\u2026", "runcated", "RUNCATED", "mitted", "clipped"}) {
    if (text.find(mark) != text.npos) return true;
  }
  return false;
}

// Texts that were parsed have been checked. Of the others, checks only those that appear to be cut.
void FindCutJson(SpanReading& reading) {
  bool& cut_json = reading.fields.cut_json;
  cut_json = reading.json.saw_cut();
  const auto look = [&](std::string_view text) {
    if (cut_json || !LooksLikeJson(text)) return;
    const char last = text[text.find_last_not_of(" \t\r\n")];
    const bool may_be_cut = (last != '}' && last != ']') || EndsWithMark(text);
    if (may_be_cut) cut_json = ShapeOf(text) == JsonShape::kCut;
  };
  for (const Field field : {Field::kInput, Field::kOutput, Field::kToolArguments,
                            Field::kToolResult, Field::kMessagesIn, Field::kMessagesOut,
                            Field::kSystemPrompt, Field::kTools, Field::kMetadata}) {
    if (reading.Has(field)) look(reading.At(field).value->text);
  }
  for (const FlatItem& item : reading.flat) {
    if (item.part == FlatPart::kCallArguments || item.part == FlatPart::kCalls ||
        item.part == FlatPart::kToolDefinition) {
      look(item.text);
    }
  }
}

}  // namespace

Conventions::Conventions() : Conventions(AllConventions()) {}
Conventions::Conventions(std::span<const Convention* const> conventions)
    : reading_(std::make_unique<SpanReading>(conventions)) {}
Conventions::~Conventions() = default;

const SpanFields& Conventions::Read(const Span& span) {
  reading_->Read(span);
  ReadUsageObjects(*reading_);
  Resolve(span, *reading_);
  FindCutJson(*reading_);
  return reading_->fields;
}

JsonTrees& Conventions::json() { return reading_->json; }

}  // namespace halo
