// SPDX-License-Identifier: MIT
#include "engine/semconv/message_fields.h"

#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/semconv/message_json.h"
#include "engine/semconv/tool_definitions.h"

namespace halo {
namespace {

constexpr std::string_view kOfSpan = "attributes.";

// The attribute that holds the answer's text, else its first call, else any part of it.
const FlatItem* TellingItem(const std::vector<FlatItem>& flat) {
  const FlatItem* best = nullptr;
  for (const FlatItem& item : flat) {
    if (item.list != FlatList::kMessagesOut) continue;
    if (item.part == FlatPart::kContent && !item.text.empty()) return &item;
    const bool is_call = item.part == FlatPart::kCallArguments || item.part == FlatPart::kCalls;
    if (best == nullptr || (is_call && best->part == FlatPart::kRole)) best = &item;
  }
  return best;
}

void ResolveMessagesIn(SpanReading& reading) {
  std::vector<Message>& messages = reading.fields.messages_in;
  if (reading.Has(Field::kSystemPrompt)) {
    ReadMessages(reading.TextOf(Field::kSystemPrompt), "system", reading.json, messages);
    for (Message& message : messages) message.role = "system";
  }
  const std::size_t before = messages.size();
  BuildMessages(reading.flat, FlatList::kMessagesIn, "user", reading.json, messages);
  if (messages.size() > before) return;
  const Located at = reading.LocatedOf({Field::kMessagesIn, Field::kInput});
  ReadMessages(at.text, "user", reading.json, messages);
}

void ResolveMessagesOut(SpanReading& reading) {
  SpanFields& fields = reading.fields;
  std::vector<Message>& messages = fields.messages_out;
  BuildMessages(reading.flat, FlatList::kMessagesOut, "assistant", reading.json, messages);
  if (!messages.empty()) {
    fields.has_messages_out = true;
    const FlatItem& item = *TellingItem(reading.flat);
    fields.messages_out_at = {item.text, reading.json.arena().Join({kOfSpan, item.key}), item.text};
    return;
  }
  const Located at = reading.LocatedOf({Field::kMessagesOut, Field::kOutput});
  if (at.path.empty()) return;
  ReadMessages(at.text, "assistant", reading.json, messages);
  fields.has_messages_out = true;
  fields.messages_out_at = at;
  for (const Message& message : messages) {
    if (message.content.empty()) continue;
    fields.messages_out_at.text = message.content;
    return;
  }
}

void ResolveFinishReason(SpanReading& reading) {
  SpanFields& fields = reading.fields;
  if (!fields.finish_reason.text.empty()) return;
  for (const FlatItem& item : reading.flat) {
    if (item.part != FlatPart::kFinishReason || item.text.empty()) continue;
    fields.finish_reason = {item.text, reading.json.arena().Join({kOfSpan, item.key}), item.text};
    return;
  }
  for (const Message& message : fields.messages_out) {
    if (message.finish_reason.empty()) continue;
    fields.finish_reason = {message.finish_reason, fields.messages_out_at.path,
                            fields.messages_out_at.whole};
    return;
  }
}

}  // namespace

void ReadMessageEvent(const Event& event, std::size_t index, const EventRule& rule,
                      SpanReading& reading) {
  SpanFields& fields = reading.fields;
  const bool is_answer = rule.use == EventRule::Use::kMessageOut;
  Message message;
  message.role = rule.role;
  Located at;
  for (const Attribute& attribute : event.attributes) {
    const std::string_view key = attribute.key;
    const std::string_view text = reading.TextOf(attribute.value);
    if (ascii::IsOneOf(
            key, {"content", "gen_ai.event.content", "message.content", "message", "output"})) {
      std::vector<Message> parts;
      ReadMessages(text, rule.role, reading.json, parts);
      if (!parts.empty()) {
        if (message.content.empty()) message.content = parts.front().content;
        if (message.tool_calls.empty()) message.tool_calls = parts.front().tool_calls;
      }
      at = {text, reading.EventPath(index, key), text};
    } else if (key == "role") {
      const std::string_view role = CanonicalRole(text);
      if (!role.empty()) message.role = role;
    } else if (key == "tool_calls") {
      ReadToolCalls(text, reading.json, message.tool_calls);
      if (at.path.empty()) at = {text, reading.EventPath(index, key), text};
    } else if (key == "id") {
      message.tool_call_id = text;
    } else if (key == "finish_reason") {
      message.finish_reason = text;
      if (fields.finish_reason.text.empty()) {
        fields.finish_reason = {text, reading.EventPath(index, key), text};
      }
    }
  }
  if (!at.path.empty()) (is_answer ? reading.event_out : reading.event_in) = at;
  if (is_answer) {
    fields.has_messages_out = true;
    if (fields.messages_out_at.path.empty()) {
      fields.messages_out_at = {message.content.empty() ? at.text : message.content, at.path,
                                at.whole};
    }
  }
  (is_answer ? fields.messages_out : fields.messages_in).push_back(std::move(message));
}

void ResolveMessages(SpanReading& reading) {
  KeepMostTrusted(reading.flat);
  SortItems(reading.flat);
  ResolveMessagesIn(reading);
  if (!reading.fields.has_messages_out) ResolveMessagesOut(reading);
  ResolveFinishReason(reading);
  std::vector<ToolDefinition>& tools = reading.fields.tools_offered;
  BuildTools(reading.flat, reading.json, tools);
  if (tools.empty() && reading.Has(Field::kTools)) {
    ReadToolDefinitions(reading.TextOf(Field::kTools), reading.json, tools);
  }
}

}  // namespace halo
