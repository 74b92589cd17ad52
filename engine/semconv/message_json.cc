// SPDX-License-Identifier: MIT
#include "engine/semconv/message_json.h"

#include <initializer_list>

#include "engine/base/ascii.h"
#include "engine/json/json_document.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;

// Strings in strings, lists in lists, messages in messages: nobody nests deeper.
constexpr int kMaxDepth = 6;

using ascii::IsOneOf;
using ascii::Trim;

class MessageReader {
 public:
  MessageReader(TextMemory& memory, std::vector<Message>& out) : memory_(memory), out_(out) {}

  // False if the text is JSON that holds no message, or no JSON.
  bool ReadText(std::string_view text, std::string_view role, int depth) {
    if (depth > kMaxDepth || !LooksLikeJson(text)) return false;
    JsonDocument* const document = memory_.json.Open(text);
    ondemand::value root;
    if (document == nullptr) return false;
    ondemand::json_type type;
    if (document->root.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
      std::string_view inner;
      if (document->root.get_string().get(inner) != simdjson::SUCCESS) return false;
      if (!ReadText(inner, role, depth + 1)) AddPlain(inner, role);
      return true;
    }
    const std::size_t before = out_.size();
    if (document->root.get_value().get(root) != simdjson::SUCCESS) return false;
    const bool complete = ReadList(root, role, depth);
    if (!complete) broken_ = true;
    return out_.size() > before || empty_list_;
  }

  // A value that was cut off reads like an answer without text: do not judge it.
  bool broken() const { return broken_; }

  void AddPlain(std::string_view text, std::string_view role) {
    Message message;
    message.role = role;
    message.content = text;
    out_.push_back(message);
  }

  bool ReadCallList(ondemand::value list, std::vector<ToolCall>& calls) {
    ondemand::array array;
    if (list.get_array().get(array) != simdjson::SUCCESS) return true;
    for (auto item : array) {
      ondemand::object object;
      if (item.error() != simdjson::SUCCESS) return false;
      if (item.get_object().get(object) != simdjson::SUCCESS) continue;
      ToolCall call;
      if (!ReadCall(object, call)) return false;
      calls.push_back(call);
    }
    return true;
  }

 private:
  // A text, or the JSON of another value, as it stands in the document.
  std::string_view TextOf(ondemand::value value) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return {};
    std::string_view text;
    if (type == ondemand::json_type::string) {
      if (value.get_string().get(text) != simdjson::SUCCESS) return {};
      return text;
    }
    if (type == ondemand::json_type::null) return {};
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
      return RawOf(value, type);
    }
    if (value.raw_json_token().empty()) return {};
    return Trim(value.raw_json_token());
  }

  static std::string_view RawOf(ondemand::value& value, ondemand::json_type type) {
    std::string_view raw;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS) return {};
      if (object.raw_json().get(raw) != simdjson::SUCCESS) return {};
    } else {
      ondemand::array array;
      if (value.get_array().get(array) != simdjson::SUCCESS) return {};
      if (array.raw_json().get(raw) != simdjson::SUCCESS) return {};
    }
    return Trim(raw);
  }

  // The element functions return false where the JSON breaks off.
  bool ReadList(ondemand::value value, std::string_view role, int depth) {
    if (depth > kMaxDepth) return true;
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      if (!ReadText(text, role, depth + 1) && !text.empty()) AddPlain(text, role);
      return true;
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (value.get_array().get(array) != simdjson::SUCCESS) return false;
      empty_list_ = true;
      for (auto item : array) {
        ondemand::value element;
        if (item.get(element) != simdjson::SUCCESS) return false;
        empty_list_ = false;
        if (!ReadList(element, role, depth + 1)) return false;
      }
      return true;
    }
    if (type != ondemand::json_type::object) return true;
    Draft draft;
    draft.message.role = {};
    const bool complete = ReadMessage(value, role, depth, draft);
    if (draft.is_message) {
      Finish(draft, role);
      out_.push_back(std::move(draft.message));
    }
    return complete;
  }

  struct Draft {
    Message message;
    ToolCall call;  // of an item that is a call itself
    std::string_view type;
    std::string_view output;  // of an item that is a call's answer
    std::vector<std::string_view> texts;
    bool is_message = false;
    bool has_tool_answer = false;
  };

  void Finish(Draft& draft, std::string_view role) {
    Message& message = draft.message;
    if (IsOneOf(draft.type, {"function_call", "tool_call", "tool_use"})) {
      message.tool_calls.push_back(draft.call);
      message.role = "assistant";
    } else if (IsOneOf(draft.type, {"function_call_output", "tool_call_output", "tool_result"})) {
      message.role = "tool";
      message.tool_call_id = draft.call.id;
      draft.texts.push_back(draft.output);
    }
    if (draft.texts.size() == 1) {
      message.content = draft.texts.front();
    } else if (!draft.texts.empty()) {
      std::size_t size = draft.texts.size() - 1;
      for (const std::string_view text : draft.texts) size += text.size();
      char* const begin = memory_.arena.Allocate(size);
      char* to = begin;
      for (const std::string_view text : draft.texts) {
        if (to != begin) *to++ = '\n';
        to = std::copy(text.begin(), text.end(), to);
      }
      message.content = {begin, static_cast<std::size_t>(to - begin)};
    }
    if (message.role.empty()) message.role = CanonicalRole(draft.type);
    if (message.role.empty()) message.role = role;
    // Anthropic sends tool results in the user's role.
    if (draft.has_tool_answer && message.role == "user") message.role = "tool";
  }

  bool ReadMessage(ondemand::value value, std::string_view role, int depth, Draft& draft) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return true;
    for (auto field : object) {
      std::string_view key;
      ondemand::value member;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (field.value().get(member) != simdjson::SUCCESS) return false;
      if (!ReadMember(key, member, role, depth, draft)) return false;
    }
    return true;
  }

  bool ReadMember(std::string_view key, ondemand::value member, std::string_view role, int depth,
                  Draft& draft) {
    Message& message = draft.message;
    if (key == "role") {
      message.role = CanonicalRole(TextOf(member));
      if (message.role.empty()) message.role = role;
      draft.is_message = true;
    } else if (key == "type") {
      draft.type = TextOf(member);
      if (IsOneOf(draft.type, {"function_call", "tool_call", "tool_use", "function_call_output",
                               "tool_call_output", "tool_result"})) {
        draft.is_message = true;
      }
    } else if (IsOneOf(key, {"content", "parts", "text"})) {
      draft.is_message = true;
      return ReadContent(member, depth + 1, draft);
    } else if (IsOneOf(key, {"tool_calls", "toolCalls"})) {
      draft.is_message = true;
      return ReadCallList(member, message.tool_calls);
    } else if (key == "function_call") {
      ondemand::object object;
      if (member.get_object().get(object) != simdjson::SUCCESS) return true;
      ToolCall call;
      if (!ReadCall(object, call)) return false;
      if (!call.name.empty()) message.tool_calls.push_back(call);
    } else if (IsOneOf(key, {"tool_call_id", "toolCallId", "tool_use_id"})) {
      message.tool_call_id = TextOf(member);
      draft.call.id = message.tool_call_id;
    } else if (key == "call_id") {
      draft.call.id = TextOf(member);
    } else if (key == "name") {
      draft.call.name = TextOf(member);
    } else if (IsOneOf(key, {"arguments", "args"})) {
      draft.call.arguments = TextOf(member);
    } else if (IsOneOf(key, {"finish_reason", "finishReason", "stop_reason"})) {
      message.finish_reason = TextOf(member);
    } else if (IsOneOf(key, {"message", "kwargs", "data"})) {
      ondemand::json_type type;
      if (member.type().get(type) != simdjson::SUCCESS) return false;
      if (type != ondemand::json_type::object || depth >= kMaxDepth) return true;
      return ReadMessage(member, role, depth + 1, draft);
    } else if (IsOneOf(key, {"system", "instructions"})) {
      ondemand::json_type type;
      if (member.type().get(type) != simdjson::SUCCESS) return false;
      if (type == ondemand::json_type::null) return true;
      return ReadList(member, "system", depth + 1);
    } else if (IsOneOf(key, {"messages", "choices", "candidates", "contents", "generations"})) {
      return ReadList(member, role, depth + 1);
    } else if (IsOneOf(key, {"input", "output"})) {
      ondemand::json_type type;
      if (member.type().get(type) != simdjson::SUCCESS) return false;
      // A list of a request or response; else the arguments or the answer of a call.
      if (type == ondemand::json_type::array && draft.type.empty()) {
        return ReadList(member, key == "input" ? "user" : "assistant", depth + 1);
      }
      const std::string_view text = TextOf(member);
      if (key == "input") draft.call.arguments = text;
      draft.output = text;
    }
    return true;
  }

  bool ReadContent(ondemand::value value, int depth, Draft& draft) {
    if (depth > kMaxDepth) return true;
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      draft.texts.push_back(text);
      return true;
    }
    if (type == ondemand::json_type::object) {
      // Gemini: content {role, parts}.
      return ReadMessage(value, {}, depth + 1, draft);
    }
    if (type != ondemand::json_type::array) return true;
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto item : array) {
      ondemand::value part;
      if (item.get(part) != simdjson::SUCCESS) return false;
      ondemand::json_type part_type;
      if (part.type().get(part_type) != simdjson::SUCCESS) return false;
      if (part_type == ondemand::json_type::object) {
        if (!ReadPart(part, draft)) return false;
      } else if (part_type == ondemand::json_type::string) {
        draft.texts.push_back(TextOf(part));
      }
    }
    return true;
  }

  // One part of a message: text, a tool call, a tool's answer; others stand as "[type]".
  bool ReadPart(ondemand::value value, Draft& draft) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    std::string_view type;
    std::string_view text;
    std::string_view answer;
    bool has_text = false;
    ToolCall call;
    for (auto field : object) {
      std::string_view key;
      ondemand::value member;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (field.value().get(member) != simdjson::SUCCESS) return false;
      if (key == "type") {
        type = TextOf(member);
      } else if (key == "text" || key == "refusal") {
        text = TextOf(member);
        has_text = true;
      } else if (key == "content") {
        text = answer = TextOf(member);
        has_text = true;
      } else if (IsOneOf(key, {"result", "response", "output"})) {
        answer = TextOf(member);
      } else if (IsOneOf(key, {"id", "toolCallId", "tool_use_id", "call_id", "tool_call_id"})) {
        if (call.id.empty()) call.id = TextOf(member);
      } else if (IsOneOf(key, {"name", "toolName"})) {
        call.name = TextOf(member);
      } else if (IsOneOf(key, {"arguments", "args", "input"})) {
        call.arguments = TextOf(member);
      } else if (IsOneOf(key, {"functionCall", "function_call"})) {
        ondemand::object inner;
        if (member.get_object().get(inner) != simdjson::SUCCESS) continue;
        if (!ReadCall(inner, call)) return false;
        type = "tool_call";
      } else if (IsOneOf(key, {"functionResponse", "function_response"})) {
        answer = TextOf(member);
        type = "tool_result";
      }
    }
    if (IsOneOf(type, {"tool_call", "tool-call", "tool_use", "function_call", "server_tool_use"})) {
      draft.message.tool_calls.push_back(call);
    } else if (IsOneOf(type, {"tool_call_response", "tool-result", "tool_result",
                              "function_call_output"})) {
      draft.has_tool_answer = true;
      draft.message.tool_call_id = call.id;
      draft.texts.push_back(answer);
    } else if (IsOneOf(type,
                       {"reasoning", "thinking", "redacted_thinking", "redacted-reasoning"})) {
      // Thoughts are no part of the answer.
    } else if (has_text) {
      draft.texts.push_back(text);
    } else if (!type.empty()) {
      draft.texts.push_back(memory_.arena.Join({"[", type, "]"}));
    }
    return true;
  }

  // {id, name, arguments}, {id, function: {name, arguments}}, {toolCallId, toolName, args | input}.
  bool ReadCall(ondemand::object object, ToolCall& call) {
    for (auto field : object) {
      std::string_view key;
      ondemand::value member;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (field.value().get(member) != simdjson::SUCCESS) return false;
      if (key == "function") {
        ondemand::object inner;
        if (member.get_object().get(inner) != simdjson::SUCCESS) continue;
        if (!ReadCall(inner, call)) return false;
      } else if (IsOneOf(key, {"name", "toolName"})) {
        call.name = TextOf(member);
      } else if (IsOneOf(key, {"id", "toolCallId", "call_id"})) {
        call.id = TextOf(member);
      } else if (IsOneOf(key, {"arguments", "args", "input"})) {
        call.arguments = TextOf(member);
      }
    }
    return true;
  }

  TextMemory& memory_;
  std::vector<Message>& out_;
  bool empty_list_ = false;
  bool broken_ = false;
};

// The name of a server of tools, or of a search for tools, says nothing of what can be called.
bool OffersOthers(std::string_view type) {
  return type.find("mcp") != type.npos || type.starts_with("tool_search");
}

bool ReadDefinition(ondemand::object object, ToolDefinition& tool) {
  bool offers_others = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value member;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    if (field.value().get(member) != simdjson::SUCCESS) return false;
    if (key == "function") {
      ondemand::object inner;
      if (member.get_object().get(inner) != simdjson::SUCCESS) continue;
      if (!ReadDefinition(inner, tool)) return false;
    } else if (key == "name") {
      std::string_view name;
      if (member.get_string().get(name) == simdjson::SUCCESS) tool.name = name;
    } else if (key == "type") {
      std::string_view type;
      if (member.get_string().get(type) == simdjson::SUCCESS) {
        offers_others = offers_others || OffersOthers(type);
      }
    } else if (IsOneOf(key, {"server_label", "serverLabel", "server_url", "serverUrl",
                             "mcp_server_name", "connector_id"})) {
      offers_others = true;
    } else if (IsOneOf(key,
                       {"parameters", "input_schema", "inputSchema", "parametersJsonSchema"})) {
      ondemand::json_type type;
      if (member.type().get(type) != simdjson::SUCCESS) return false;
      if (type == ondemand::json_type::string) {
        std::string_view text;
        if (member.get_string().get(text) == simdjson::SUCCESS) tool.parameters = text;
      } else if (type == ondemand::json_type::object) {
        ondemand::object schema;
        std::string_view raw;
        if (member.get_object().get(schema) != simdjson::SUCCESS) return false;
        if (schema.raw_json().get(raw) == simdjson::SUCCESS) tool.parameters = Trim(raw);
      }
    }
  }
  if (offers_others && tool.parameters.empty()) tool.name = {};
  return true;
}

bool ReadDefinitions(std::string_view text, TextMemory& memory, std::vector<ToolDefinition>& out,
                     int depth);

bool ReadDefinitionList(ondemand::value value, TextMemory& memory, std::vector<ToolDefinition>& out,
                        int depth) {
  ondemand::json_type type;
  if (depth > kMaxDepth || value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == ondemand::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return false;
    if (!ReadDefinitions(text, memory, out, depth + 1)) out.emplace_back();
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto item : array) {
      ondemand::value element;
      if (item.get(element) != simdjson::SUCCESS) return false;
      if (!ReadDefinitionList(element, memory, out, depth + 1)) return false;
    }
  } else if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    // {"functionDeclarations": [...]} and {"tools": [...]} hold a list.
    ondemand::value list;
    for (const char* const key : {"functionDeclarations", "function_declarations", "tools"}) {
      if (object[key].get(list) == simdjson::SUCCESS) {
        return ReadDefinitionList(list, memory, out, depth + 1);
      }
    }
    if (object.reset().error() != simdjson::SUCCESS) return false;
    ToolDefinition tool;
    if (!ReadDefinition(object, tool)) return false;
    out.push_back(tool);
  }
  return true;
}

// False where the text is masked or cut, so that more is offered than can be read.
bool ReadDefinitions(std::string_view text, TextMemory& memory, std::vector<ToolDefinition>& out,
                     int depth) {
  if (depth > kMaxDepth || !LooksLikeJson(text)) return false;
  JsonDocument* const document = memory.json.Open(text);
  ondemand::value root;
  if (document == nullptr || document->root.get_value().get(root) != simdjson::SUCCESS) {
    return false;
  }
  return ReadDefinitionList(root, memory, out, depth);
}

}  // namespace

std::string_view CanonicalRole(std::string_view role) {
  if (IsOneOf(role, {"user", "human", "HumanMessage"})) return "user";
  if (IsOneOf(role, {"assistant", "ai", "model", "AIMessage", "AIMessageChunk"})) {
    return "assistant";
  }
  if (IsOneOf(role, {"system", "developer", "SystemMessage"})) return "system";
  if (IsOneOf(role, {"tool", "function", "ToolMessage"})) return "tool";
  return {};
}

void ReadMessages(std::string_view text, std::string_view role, TextMemory& memory,
                  std::vector<Message>& out) {
  if (text.empty()) return;
  const std::size_t before = out.size();
  MessageReader reader(memory, out);
  const bool read = reader.ReadText(text, role, 0);
  if (reader.broken()) {
    // Keep what was read whole; the rest counts as text.
    out.resize(before);
    reader.AddPlain(text, role);
  } else if (!read) {
    reader.AddPlain(text, role);
  }
}

void ReadToolDefinitions(std::string_view text, TextMemory& memory,
                         std::vector<ToolDefinition>& out) {
  if (!ReadDefinitions(text, memory, out, 0)) out.emplace_back();
}

void ReadToolCalls(std::string_view text, TextMemory& memory, std::vector<ToolCall>& out) {
  if (!LooksLikeJson(text)) return;
  JsonDocument* const document = memory.json.Open(text);
  ondemand::value root;
  if (document == nullptr || document->root.get_value().get(root) != simdjson::SUCCESS) return;
  std::vector<Message> unused;
  MessageReader(memory, unused).ReadCallList(root, out);
}

}  // namespace halo
