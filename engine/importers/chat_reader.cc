// SPDX-License-Identifier: MIT
#include "engine/importers/chat_reader.h"

#include <xxhash.h>

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "engine/importers/made_up_ids.h"
#include "engine/json/json_space.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

using ascii::IsOneOf;

constexpr std::string_view kNoName = "agent";
// Ids of at least this size, such as "chat-42-0", are taken to be unique; shorter ones may count
// from 0 in every file.
constexpr std::size_t kUniqueId = 8;

std::uint64_t HashOf(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

bool IsMessage(const JsonNode& object) {
  if (MessagesOf(object) != nullptr) return false;
  if (!TextOf(object.Find("role")).empty()) return true;
  const std::string_view type = TextOf(object.Find("type"));
  return IsOneOf(type, {"human", "ai", "system", "tool", "reasoning", "function_call",
                        "function_call_output"});
}

}  // namespace

const JsonNode* MessagesOf(const JsonNode& run) {
  for (const std::string_view key : kMessageKeys) {
    const JsonNode* const list = run.Find(key);
    if (list != nullptr && list->is_array()) return list;
  }
  return nullptr;
}

bool IsChatMessage(const JsonKeys& keys) {
  for (const std::string_view type : {R"("human")", R"("ai")", R"("system")"}) {
    if (keys.ValueOf("type").starts_with(type)) return keys.Has("data") || keys.Has("content");
  }
  return keys.Has("role") &&
         (keys.Has("content") || keys.Has("tool_calls") || keys.Has("parts") || !keys.complete);
}

bool HoldsChatMessages(const JsonKeys& run) {
  // A log of model calls repeats the messages of a run in each of its calls.
  if (run.Has("response") || run.Has("choices")) return false;
  for (const std::string_view key : kMessageKeys) {
    const std::string_view list = run.ValueOf(key);
    if (!list.starts_with('[')) continue;
    const std::string_view inside = SkipJsonSpace(list.substr(1));
    // SWE-agent keeps its messages elsewhere.
    if (inside.starts_with(']')) return !run.Has("history");
    const JsonKeys first = TopKeys(inside);
    if (first.is_array) continue;
    if (IsChatMessage(first)) return true;
  }
  // The messages of tau-bench may begin after what is looked at.
  return run.HasAll("task_id", "reward") && (run.Has("traj") || !run.complete);
}

JsonError ChatReader::ReadRoot(Json& root) {
  if (root.type() != JsonType::kArray) return JsonRecordReader::ReadRoot(root);
  bool in_list = false;
  const JsonError error = root.ForEachItem([&](Json& item) { return ReadItem(item, in_list); });
  // A text that is repaired is read again.
  if (in_list && error != JsonError::kBadText) EndList();
  return error;
}

JsonError ChatReader::ReadItem(Json& item, bool& in_list) {
  const char* const where = item.data();
  if (item.type() == JsonType::kArray) return ReadMessageList(item);
  JsonObject object;
  const JsonNode* tree = nullptr;
  JsonError error = object.Open(item);
  if (error == JsonError::kWrongType) {
    Refuse(kNotASpan, where, "an item of the array is not an object");
    return JsonError::kOk;
  }
  if (!Failed(error)) error = Tree(object, tree);
  if (tree == nullptr) return error;
  if (!in_list && !IsMessage(*tree)) {
    ReadWhole(*tree, where);
    trees_.Reset();
    return JsonError::kOk;
  }
  if (!in_list) StartList(where);
  in_list = true;
  AddToList(*tree, where);
  return JsonError::kOk;
}

// A run in a list of runs.
JsonError ChatReader::ReadMessageList(Json& list) {
  StartList(list.data());
  const JsonError error = list.ForEachItem([&](Json& item) {
    JsonObject object;
    const JsonNode* tree = nullptr;
    const char* const where = item.data();
    JsonError inner = object.Open(item);
    if (!Failed(inner)) inner = Tree(object, tree);
    if (tree != nullptr) AddToList(*tree, where);
    if (inner != JsonError::kWrongType) return inner;
    Refuse(kNotASpan, where, "a message is not an object");
    return JsonError::kOk;
  });
  if (error != JsonError::kBadText) EndList();
  return error;
}

JsonError ChatReader::ReadObject(JsonObject& object) {
  const JsonNode* tree = nullptr;
  const char* const where = object.data();
  const JsonError error = Tree(object, tree);
  if (tree == nullptr) return error;
  if (IsMessage(*tree) && record().starts_with('[')) {
    if (!in_pieces_) StartList(where);
    in_pieces_ = true;
    AddToList(*tree, where);
    return error;
  }
  EndPieces();
  ReadWhole(*tree, where);
  return error;
}

void ChatReader::EndRecord() { EndPieces(); }

void ChatReader::EndPieces() {
  if (in_pieces_) EndList();
  in_pieces_ = false;
}

JsonError ChatReader::Tree(JsonObject& object, const JsonNode*& out) {
  scratch_.clear();
  const JsonError error = values().AppendObject(object, scratch_, 0);
  if (error == JsonError::kTooDeep) {
    Refuse(kNestedTooDeeply, object.data(), "a run or message");
    return JsonError::kOk;
  }
  if (!Failed(error)) out = trees_.Parse(values().arena().Copy(scratch_));
  return error;
}

void ChatReader::ReadWhole(const JsonNode& object, const char* where) {
  if (MessagesOf(object) != nullptr) return ReadRun(object, {}, where);
  Refuse(kNotASpan, where,
         IsMessage(object) ? "a message outside of a run" : "an object without messages");
}

void ChatReader::StartList(const char* where) {
  run_.Start(kNoName, {}, where);
  id_ = {};
  content_hash_ = 0;
  list_offset_ = OffsetOf(where);
}

void ChatReader::AddToList(const JsonNode& message, const char* where) {
  content_hash_ = MixHash(content_hash_, HashOf(message.written()));
  if (!run_.Add(message, where)) Refuse(kNotASpan, where, "a message without a role");
}

void ChatReader::EndList() {
  run_.End();
  HandOut(MadeUpTraceIdOf(content_hash_, list_offset_, values().arena()));
}

void ChatReader::ReadRun(const JsonNode& run, const ChatDefaults& given, const char* where,
                         std::span<const Attribute> more) {
  ChatDefaults defaults = given;
  run_.Start(kNoName, {}, where);
  id_ = {};
  const JsonNode* const messages = MessagesOf(run);
  for (const JsonNode& member : run) {
    if (&member != messages) AddMember(member, defaults);
  }
  run_.SetDefaults(defaults);
  std::vector<Attribute>& of_root = spans_[0].attributes;
  of_root.insert(of_root.end(), more.begin(), more.end());
  for (const JsonNode& message : *messages) {
    if (!run_.Add(message, where)) Refuse(kNotASpan, where, "a message without a role");
  }
  run_.End();
  if (run_.lacks_tools()) {
    values().losses().push_back({kRepeatedTools, where, "tool definitions of model calls"});
  }
  if (id_.size() >= kUniqueId) return HandOut(id_);
  // A run with an id is the same run wherever its file has it; without one, equal runs are two.
  const std::uint64_t place = id_.empty() ? OffsetOf(where) : 0;
  HandOut(MadeUpTraceId(run.written(), place, values().arena()));
}

void ChatReader::AddMember(const JsonNode& member, ChatDefaults& defaults) {
  const std::string_view key = member.key();
  std::string_view text;
  const bool is_text = member.Text(text);
  RunStep& step = spans_[0];
  if (IsOneOf(key, {"tools", "functions"}) && member.is_array() && member.is_valid()) {
    defaults.tools = member.written();
  } else if (IsOneOf(key, {"model", "model_name"}) && is_text) {
    defaults.model = text;
  } else if (IsOneOf(key, {"system", "system_prompt"}) && is_text) {
    defaults.system_prompt =
        values().arena().Join({R"({"role":"system","content":)", member.written(), "}"});
  } else if (IsOneOf(key, {"agent", "agent_name"}) && is_text && !text.empty()) {
    step.name = text;
    AddText("gen_ai.agent.name", text, step.attributes);
  } else if (IsOneOf(key, {"trace_id", "run_id", "id", "uuid"}) && is_text) {
    if (id_.empty() || key == "trace_id") id_ = text;
    AddText(key, text, step.attributes);
  } else {
    const std::int64_t time_ns = TimeOf(&member);
    if (IsOneOf(key, {"start_time", "started_at", "timestamp", "created_at", "created", "date"}) &&
        time_ns > 0 && (step.start_ns == 0 || key.starts_with("start"))) {
      step.start_ns = time_ns;
    }
    if (IsOneOf(key, {"end_time", "ended_at", "finished_at", "completed_at"}) && time_ns > 0) {
      step.end_ns = time_ns;
    }
    const Value value = PlainValue(member);
    if (value.type != Value::Type::kNull) step.attributes.push_back({key, value});
  }
}

void ChatReader::HandOut(std::string_view trace_id) {
  spans_.HandOut(trace_id, resource_, true, [&](const Span& span, const char* where) {
    return in_pieces_ ? Accept(span) : Accept(span, where);
  });
}

}  // namespace halo
