// SPDX-License-Identifier: MIT
#include "engine/facts/message_facts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "engine/facts/made_up_words.h"
#include "engine/facts/message_marks.h"
#include "engine/facts/text_head.h"
#include "engine/facts/text_values.h"
#include "engine/facts/told_error.h"
#include "engine/json/canonical_json.h"
#include "engine/text/masked.h"

namespace halo {
namespace {

// Hashes of messages and ids are stored with 40 bits: they are compared within one trace.
constexpr std::uint64_t kHashBits = (std::uint64_t{1} << 40) - 1;

std::uint64_t BytesHash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::uint64_t Shortened(std::uint64_t hash) { return std::max<std::uint64_t>(hash & kHashBits, 1); }

std::uint32_t SizeOf(std::string_view text) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
}

MessageRole RoleOf(std::string_view role) {
  if (role == "system") return MessageRole::kSystem;
  if (role == "user") return MessageRole::kUser;
  if (role == "assistant") return MessageRole::kAssistant;
  if (role == "tool") return MessageRole::kTool;
  return MessageRole::kOther;
}

// Equal for messages that were written with the same bytes.
std::uint64_t RawHash(const Message& message) {
  std::uint64_t hash = MixHash(BytesHash(message.content), BytesHash(message.role));
  if (!message.tool_call_id.empty()) hash = MixHash(hash, BytesHash(message.tool_call_id));
  for (const ToolCall& call : message.tool_calls) {
    hash = MixHash(hash, BytesHash(call.name));
    hash = MixHash(hash, BytesHash(call.id));
    hash = MixHash(hash, BytesHash(call.arguments));
  }
  return hash;
}

void AddMark(MessageMark mark, MessageFacts& facts) {
  facts.marks |= static_cast<std::uint32_t>(mark);
}

bool MayWrap(std::string_view text) {
  const std::string_view trimmed = ascii::Trim(text.substr(0, 64));
  return !trimmed.empty() && std::string_view("{[(<\"").find(trimmed[0]) != trimmed.npos;
}

NewCall CallOf(const ToolCall& call, JsonTrees& json, StringPool& words) {
  NewCall made;
  made.facts.tool = words.Intern(call.name);
  made.facts.id = IdHash(call.id);
  made.facts.size = SizeOf(call.arguments);
  if (!IsMasked(call.arguments)) {
    made.facts.request =
        MixHash(CanonicalHash(call.name, json), CanonicalHash(call.arguments, json));
  }
  AppendValues(call.arguments, made.values);
  made.facts.whole_values = WholeValues(call.arguments, made.values);
  AppendHeads(call.arguments, true, made.heads);
  return made;
}

}  // namespace

std::uint64_t IdHash(std::string_view id) { return id.empty() ? 0 : Shortened(BytesHash(id)); }

std::uint64_t HashText(std::string_view text) {
  const std::string_view trimmed = ascii::Trim(text);
  return trimmed.empty() ? 0 : Shortened(BytesHash(trimmed));
}

void MessageDescriber::DescribeText(std::string_view text) {
  constexpr std::size_t kWorthKnowing = 256;
  MessageFacts& facts = scratch_.facts;
  const std::uint64_t key =
      std::max<std::uint64_t>(MixHash(BytesHash(text), static_cast<std::uint64_t>(facts.role)), 1);
  KnownText& known = known_[key % kKnownTexts];
  if (known.key == key) {
    facts.marks = known.marks;
    scratch_.values = known.values;
    return;
  }
  facts.marks = MarksOf(facts.role, text, words_);
  if (!AppendValues(text, scratch_.values)) AddMark(MessageMark::kManyValues, facts);
  if (text.size() >= kWorthKnowing) known = {key, facts.marks, scratch_.values};
}

MessageId MessageDescriber::Describe(const Message& message, JsonTrees& json, StringPool& words) {
  const std::uint64_t raw = RawHash(message);
  if (const MessageId known = words.messages().FindRaw(raw); known != 0) return known;
  const std::string_view text = message.content;
  NewMessage& made = scratch_;
  made.values.clear();
  made.heads.clear();
  made.calls.clear();
  made.facts = {};
  made.facts.role = RoleOf(message.role);
  DescribeText(text);
  made.facts.size = SizeOf(text);
  made.facts.hash = HashText(text);
  made.facts.call_id = IdHash(message.tool_call_id);
  const bool is_result = made.facts.role == MessageRole::kTool;
  if (is_result) {
    const std::string error = ErrorOfResult(text, json);
    if (!error.empty()) {
      made.facts.error = words.Intern(error);
      AddMark(MessageMark::kError, made.facts);
    }
  }
  const bool may_hold_result =
      made.facts.call_id == 0 && (is_result || made.facts.role == MessageRole::kUser);
  AppendHeads(text, may_hold_result, made.heads);
  for (const ToolCall& call : message.tool_calls) {
    made.calls.push_back(CallOf(call, json, words));
    if (!FindMadeUp(call.arguments, words_).empty()) AddMark(MessageMark::kMadeUp, made.facts);
  }
  const MessageId id = words.messages().Add(made);
  words.messages().KeepRaw(raw, id);
  return id;
}

ContextId MessageDescriber::DescribeAll(std::span<const Message> messages, JsonTrees& json,
                                        StringPool& words) {
  ContextId list = 0;
  for (const Message& message : messages) {
    list = words.messages().Append(list, Describe(message, json, words));
  }
  return list;
}

ContextId MessageDescriber::DescribeResult(std::string_view text, std::string_view call_id,
                                           JsonTrees& json, StringPool& words) {
  // A text that was written as JSON is the same text.
  if (text.starts_with('"')) {
    const JsonNode* const root = json.Parse(text);
    if (root != nullptr && root->is_string()) root->Text(text);
  }
  NewMessage& made = scratch_;
  made.values.clear();
  made.heads.clear();
  made.calls.clear();
  made.facts = {};
  made.facts.role = MessageRole::kTool;
  DescribeText(text);
  made.values.clear();
  made.facts.marks &= ~static_cast<std::uint32_t>(MessageMark::kManyValues);
  if (made.facts.Has(MessageMark::kBlank)) return 0;
  made.facts.size = SizeOf(text);
  made.facts.hash = HashText(text);
  made.facts.call_id = IdHash(call_id);
  AppendHeads(text, MayWrap(text), made.heads);
  return words.messages().Append(0, words.messages().Add(made));
}

}  // namespace halo
