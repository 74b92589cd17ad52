// SPDX-License-Identifier: MIT
#include "engine/importers/chat_message.h"

#include <initializer_list>
#include <set>

#include "engine/base/ascii.h"
#include "engine/importers/span_times.h"

namespace halo {
namespace {

using ascii::IsOneOf;
using Role = ChatMessage::Role;
using Type = JsonNode::Type;

const JsonNode* FindAny(const JsonNode& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const JsonNode* const found = object.Find(key);
    if (found != nullptr && found->type() != Type::kNull) return found;
  }
  return nullptr;
}

std::string_view TextAt(const JsonNode& object, std::initializer_list<std::string_view> keys) {
  const JsonNode* const found = FindAny(object, keys);
  std::string_view text;
  if (found == nullptr || found->Text(text)) return text;
  return found->type() == Type::kNumber ? found->written() : std::string_view();
}

Role RoleOf(std::string_view word) {
  if (IsOneOf(word, {"user", "human", "HumanMessage"})) return Role::kUser;
  if (IsOneOf(word, {"assistant", "ai", "model", "agent", "AIMessage", "AIMessageChunk"})) {
    return Role::kAssistant;
  }
  if (IsOneOf(word, {"system", "developer", "SystemMessage"})) return Role::kSystem;
  if (IsOneOf(word, {"tool", "function", "ToolMessage"})) return Role::kTool;
  return Role::kNone;
}

bool IsTrue(const JsonNode* node) {
  bool value = false;
  return node != nullptr && node->Bool(value) && value;
}

// {id, name, arguments}, {id, function: {name, arguments}}, {toolCallId, toolName, args | input}.
ChatCall CallOf(const JsonNode& object) {
  ChatCall call;
  call.id = TextAt(object, {"call_id", "tool_call_id", "toolCallId", "id", "toolUseId"});
  const JsonNode* const function = object.Find("function");
  const JsonNode& named = function != nullptr && function->is_object() ? *function : object;
  call.name = TextAt(named, {"name", "toolName"});
  const JsonNode* const arguments = FindAny(named, {"arguments", "args", "input", "parameters"});
  if (arguments != nullptr) call.arguments = PlainValue(*arguments);
  return call;
}

void AddCalls(const JsonNode* list, ChatMessage& out) {
  if (list == nullptr || !list->is_array()) return;
  std::set<std::string_view> known;
  for (const ChatCall& call : out.calls) known.insert(call.id);
  for (const JsonNode& item : *list) {
    if (!item.is_object()) continue;
    const ChatCall call = CallOf(item);
    // LangChain repeats the calls of a model's blocks in a list of its own.
    if (call.id.empty() || known.insert(call.id).second) out.calls.push_back(call);
  }
}

ChatResult ResultOf(const JsonNode& object, Arena& arena) {
  ChatResult result;
  result.id =
      TextAt(object, {"tool_use_id", "tool_call_id", "call_id", "toolCallId", "toolUseId", "id"});
  result.name = TextAt(object, {"name", "toolName", "tool_name"});
  const JsonNode* const value =
      FindAny(object, {"content", "output", "result", "response", "value", "text"});
  result.value = value == nullptr ? Value::Text("") : ResultValue(*value, arena);
  const std::string_view status = TextAt(object, {"status"});
  result.failed = IsTrue(object.Find("is_error")) || IsTrue(object.Find("isError")) ||
                  IsTrue(object.Find("error")) || IsOneOf(status, {"error", "failed"});
  return result;
}

bool IsText(const JsonNode& block) {
  if (block.is_string()) return true;
  if (!block.is_object()) return false;
  const JsonNode* const text = block.Find("text");
  const std::string_view type = TextAt(block, {"type"});
  return text != nullptr && text->is_string() &&
         (type.empty() || IsOneOf(type, {"text", "input_text", "output_text"}));
}

// One part of a message.
void ReadBlock(const JsonNode& block, Arena& arena, ChatMessage& out) {
  if (IsText(block)) {
    out.has_text = true;
    return;
  }
  if (!block.is_object()) return;
  const std::string_view type = TextAt(block, {"type"});
  const JsonNode* const call = FindAny(block, {"functionCall", "function_call", "toolUse"});
  const JsonNode* const answer =
      FindAny(block, {"functionResponse", "function_response", "toolResult"});
  if (call != nullptr && call->is_object()) {
    out.calls.push_back(CallOf(*call));
  } else if (answer != nullptr && answer->is_object()) {
    out.results.push_back(ResultOf(*answer, arena));
  } else if (IsOneOf(type, {"tool_use", "tool-call", "tool_call", "function_call",
                            "server_tool_use", "mcp_tool_use"})) {
    out.calls.push_back(CallOf(block));
  } else if (IsOneOf(type, {"tool-result", "tool_call_response", "function_call_output"}) ||
             type.ends_with("tool_result")) {
    out.results.push_back(ResultOf(block, arena));
  }
}

void ReadContent(const JsonNode* content, Arena& arena, ChatMessage& out) {
  if (content == nullptr) return;
  std::string_view text;
  if (content->Text(text)) {
    out.has_text = !text.empty();
  } else if (content->is_array()) {
    for (const JsonNode& block : *content) ReadBlock(block, arena, out);
  } else if (content->is_object()) {
    ReadBlock(*content, arena, out);
  }
}

// An item of a Responses list that has a type instead of a role.
bool ReadItem(std::string_view type, const JsonNode& object, Arena& arena, ChatMessage& out) {
  if (type.ends_with("_call_output")) {
    out.role = Role::kTool;
    out.results.push_back(ResultOf(object, arena));
  } else if (type.ends_with("_call")) {
    out.role = Role::kAssistant;
    ChatCall call = CallOf(object);
    // Built-in tools have no name but their type: "web_search_call", "local_shell_call".
    if (call.name.empty()) call.name = type.substr(0, type.size() - 5);
    if (call.arguments.type == Value::Type::kNull) {
      const JsonNode* const action = object.Find("action");
      if (action != nullptr) call.arguments = PlainValue(*action);
    }
    out.calls.push_back(call);
  } else if (type == "reasoning") {
    out.role = Role::kAssistant;
  } else {
    return false;
  }
  out.is_item = true;
  return true;
}

// The model, finish reason, usage, cost and time of the call that gave the message.
void ReadFacts(const JsonNode& object, ChatMessage& out) {
  out.model = TextAt(object, {"model", "model_name"});
  out.finish_reason = TextAt(object, {"finish_reason", "finishReason", "stop_reason"});
  const JsonNode* const usage = FindAny(object, {"usage", "usage_metadata", "token_usage"});
  if (usage != nullptr && usage->is_object() && usage->is_valid()) out.usage = usage->written();
  const JsonNode* const cost = FindAny(object, {"cost", "cost_usd", "total_cost"});
  if (cost != nullptr) cost->Real(out.cost_usd);
  out.time_ns = TimeOf(FindAny(object, {"timestamp", "created_at", "createdAt", "time"}));
  const JsonNode* const extra = FindAny(object, {"response_metadata", "metadata", "extra"});
  if (extra == nullptr || !extra->is_object()) return;
  if (out.model.empty()) out.model = TextAt(*extra, {"model_name", "model"});
  if (out.finish_reason.empty()) {
    out.finish_reason = TextAt(*extra, {"finish_reason", "stop_reason"});
  }
}

}  // namespace

Value PlainValue(const JsonNode& node) {
  Value value;
  switch (node.type()) {
    case Type::kString:
      if (node.Text(value.text)) value.type = Value::Type::kText;
      break;
    case Type::kNumber:
      if (node.Integer(value.integer)) {
        value.type = Value::Type::kInt;
      } else if (node.Real(value.real)) {
        value.type = Value::Type::kDouble;
      }
      break;
    case Type::kBool: {
      bool flag = false;
      if (node.Bool(flag)) value = Value::Bool(flag);
      break;
    }
    case Type::kArray:
    case Type::kObject:
      if (node.is_valid()) value = Value::Json(node.written());
      break;
    default:
      break;
  }
  return value;
}

std::string_view TextOf(const JsonNode* node) {
  std::string_view text;
  if (node != nullptr) node->Text(text);
  return text;
}

std::int64_t TimeOf(const JsonNode* node) {
  if (node == nullptr) return 0;
  Moment moment;
  std::int64_t whole = 0;
  double real = 0;
  std::string_view text;
  const bool read = node->Integer(whole) ? ReadMoment(whole, moment)
                    : node->Real(real)   ? ReadMoment(real, moment)
                                         : node->Text(text) && ReadMoment(text, moment);
  return read && moment.kind == Moment::Kind::kKnown ? moment.ns : 0;
}

Value ResultValue(const JsonNode& content, Arena& arena) {
  if (content.is_object()) {
    // {"type": "text", "value": ...} of the Vercel AI SDK.
    const JsonNode* const value = content.Find("value");
    if (value != nullptr && content.Find("type") != nullptr) return PlainValue(*value);
  }
  if (!content.is_array()) return PlainValue(content);
  std::string joined;
  for (const JsonNode& block : content) {
    if (!IsText(block)) return PlainValue(content);
    if (!joined.empty()) joined += '\n';
    joined += TextOf(block.is_string() ? &block : block.Find("text"));
  }
  return Value::Text(arena.Copy(joined));
}

void ReadChatMessage(const JsonNode& whole, Arena& arena, ChatMessage& out) {
  out = {};
  // {"type": "ai", "data": {...}} of LangChain.
  const JsonNode* const data = whole.Find("content") == nullptr ? whole.Find("data") : nullptr;
  const JsonNode& object = data != nullptr && data->is_object() ? *data : whole;
  const JsonNode* const role = object.Find("role");
  const std::string_view type = TextOf(whole.Find("type"));
  out.role = RoleOf(TextOf(role));
  if (role == nullptr && !ReadItem(type, object, arena, out)) out.role = RoleOf(type);
  // A role of the harness's own, such as "environment", speaks to the agent.
  if (out.role == Role::kNone && role != nullptr && role->is_string()) out.role = Role::kUser;
  if (out.role == Role::kNone) return;
  ReadFacts(object, out);
  out.of_user = TextOf(object.Find("requestor")) == "user";
  if (out.is_item) return;
  out.is_item = type == "message";
  if (out.role == Role::kTool) {
    ReadContent(object.Find("content"), arena, out);
    if (out.results.empty()) out.results.push_back(ResultOf(object, arena));
    return;
  }
  ReadContent(FindAny(object, {"content", "parts"}), arena, out);
  AddCalls(FindAny(object, {"tool_calls", "toolCalls"}), out);
  const JsonNode* const old_call = object.Find("function_call");
  if (old_call != nullptr && old_call->is_object()) out.calls.push_back(CallOf(*old_call));
}

}  // namespace halo
