// SPDX-License-Identifier: MIT
#include "engine/semconv/message_json.h"

#include <algorithm>

#include "engine/base/ascii.h"

namespace halo {
namespace {

using ascii::IsOneOf;
using Type = JsonNode::Type;

// The depth of strings in strings, lists in lists, messages in messages. No emitter nests deeper.
constexpr int kMaxDepth = 6;

// The decoded text of a string; the JSON of any other value, as written.
std::string_view TextOf(const JsonNode& value) {
  std::string_view text;
  if (value.Text(text)) return text;
  const bool is_absent =
      value.is_string() || value.type() == Type::kNull || value.type() == Type::kInvalid;
  return is_absent ? std::string_view() : value.written();
}

// {id, name, arguments}, {id, function: {name, arguments}}, {toolCallId, toolName, args | input}.
void ReadCall(const JsonNode& object, ToolCall& call) {
  for (const JsonNode& member : object) {
    const std::string_view key = member.key();
    if (key == "function") {
      if (member.is_object()) ReadCall(member, call);
    } else if (IsOneOf(key, {"name", "toolName", "tool_name"})) {
      call.name = TextOf(member);
    } else if (IsOneOf(key, {"id", "toolCallId", "call_id", "toolUseId", "ref", "tool_id"})) {
      call.id = TextOf(member);
    } else if (IsOneOf(key, {"arguments", "args", "input", "tool_arguments"})) {
      call.arguments = TextOf(member);
    }
  }
}

// Gemini's {id, name, response} and Genkit's {ref, name, output}: the id of the call and its
// result. Other results, such as Bedrock's, say beside their content whether the tool failed.
void ReadAnswerOf(const JsonNode& object, ToolCall& call, std::string_view& answer) {
  if (!object.is_object()) return;
  for (const JsonNode& member : object) {
    if (IsOneOf(member.key(), {"id", "ref", "toolUseId"})) call.id = TextOf(member);
    if (IsOneOf(member.key(), {"response", "output"})) answer = TextOf(member);
  }
}

void ReadCallList(const JsonNode& list, std::vector<ToolCall>& calls) {
  if (!list.is_array()) return;
  for (const JsonNode& item : list) {
    if (item.is_object()) ReadCall(item, calls.emplace_back());
  }
}

class MessageReader {
 public:
  MessageReader(JsonTrees& json, std::vector<Message>& out) : json_(json), out_(out) {}

  // False if the text is not JSON, or holds no message.
  bool ReadText(std::string_view text, std::string_view role, int depth) {
    if (depth > kMaxDepth || !LooksLikeJson(text)) return false;
    const JsonNode* const root = json_.Parse(text);
    if (root == nullptr) return false;
    if (root->is_string()) {
      std::string_view inner;
      if (!root->Text(inner)) return false;
      if (!ReadText(inner, role, depth + 1)) AddPlain(inner, role);
      return true;
    }
    const std::size_t before = out_.size();
    if (!ReadList(*root, role, depth)) broken_ = true;
    return out_.size() > before || empty_list_;
  }

  // Whether a value was not valid JSON: it would look like an answer without text.
  bool broken() const { return broken_; }

  void AddPlain(std::string_view text, std::string_view role) {
    Message& message = out_.emplace_back();
    message.role = role;
    message.content = text;
  }

 private:
  // A message that is being read.
  struct Draft {
    Message message;
    ToolCall call;  // of an item that is itself a call
    std::string_view type;
    std::string_view id;      // of the item
    std::string_view output;  // of an item that is a call's answer
    std::vector<std::string_view> texts;
    bool is_message = false;
    bool has_tool_answer = false;
    std::vector<Message> more_answers;  // Anthropic and Gemini send all results in one message
  };

  // The functions below return false if a value that they need is not valid JSON.
  bool ReadList(const JsonNode& value, std::string_view role, int depth) {
    if (depth > kMaxDepth) return true;
    switch (value.type()) {
      case Type::kInvalid:
        return false;
      case Type::kString: {
        std::string_view text;
        if (!value.Text(text)) return false;
        if (!ReadText(text, role, depth + 1) && !text.empty()) AddPlain(text, role);
        return true;
      }
      case Type::kArray:
        empty_list_ = true;
        for (const JsonNode& item : value) {
          empty_list_ = false;
          if (!ReadList(item, role, depth + 1)) return false;
        }
        return true;
      case Type::kObject: {
        if (const JsonNode* const said = SaidByRole(value)) {
          return ReadList(*said, CanonicalRole(said->key()), depth + 1);
        }
        Draft draft;
        const bool complete = ReadMessage(value, role, depth, draft);
        if (draft.is_message) {
          Finish(draft, role);
          const std::string_view answer_role = draft.message.role;
          out_.push_back(std::move(draft.message));
          for (Message& more : draft.more_answers) {
            more.role = answer_role;
            out_.push_back(std::move(more));
          }
        }
        return complete;
      }
      default:
        return true;
    }
  }

  // The member of {"human": "..."}: Monocle and LangChain's get_buffer_string name the role by the
  // key.
  static const JsonNode* SaidByRole(const JsonNode& object) {
    auto member = object.begin();
    if (!(member != object.end())) return nullptr;
    const JsonNode& only = *member;
    if (++member != object.end()) return nullptr;
    const bool has_role = IsOneOf(only.key(), {"user", "human", "assistant", "ai", "tool"});
    return has_role && (only.is_string() || only.is_object()) ? &only : nullptr;
  }

  // Langfuse's handler for LangChain writes the name of the tool as the role of its result.
  bool WasCalled(std::string_view tool) const {
    constexpr std::size_t kMostResults = 64;  // of one answer
    const std::size_t end = out_.size() - std::min(out_.size(), kMostResults);
    for (std::size_t i = out_.size(); i-- > end;) {
      if (out_[i].tool_calls.empty()) continue;
      return std::any_of(out_[i].tool_calls.begin(), out_[i].tool_calls.end(),
                         [&](const ToolCall& call) { return call.name == tool; });
    }
    return false;
  }

  void Finish(Draft& draft, std::string_view role) {
    Message& message = draft.message;
    if (draft.call.id.empty()) draft.call.id = draft.id;
    if (IsOneOf(draft.type, {"function_call", "custom_tool_call", "tool_call", "tool_use"})) {
      message.tool_calls.push_back(draft.call);
      message.role = "assistant";
    } else if (IsOneOf(draft.type, {"function_call_output", "custom_tool_call_output",
                                    "tool_call_output", "tool_result"})) {
      message.role = "tool";
      message.tool_call_id = draft.call.id;
      draft.texts.push_back(draft.output);
    }
    message.content = JoinLines(draft.texts);
    if (message.role.empty()) message.role = CanonicalRole(draft.type);
    if (message.role.empty()) message.role = role;
    // Anthropic sends tool results in the user's role.
    if (draft.has_tool_answer && message.role == "user") message.role = "tool";
  }

  std::string_view JoinLines(const std::vector<std::string_view>& texts) {
    if (texts.empty()) return {};
    if (texts.size() == 1) return texts.front();
    std::size_t size = texts.size() - 1;
    for (const std::string_view text : texts) size += text.size();
    char* const begin = json_.arena().Allocate(size);
    char* to = begin;
    for (const std::string_view text : texts) {
      if (to != begin) *to++ = '\n';
      to = std::copy(text.begin(), text.end(), to);
    }
    return {begin, static_cast<std::size_t>(to - begin)};
  }

  bool ReadMessage(const JsonNode& object, std::string_view role, int depth, Draft& draft) {
    for (const JsonNode& member : object) {
      // The text of a generation of LangChain repeats its message.
      const JsonNode* const inner = member.key() == "text" ? object.Find("message") : nullptr;
      if (inner != nullptr && inner->is_object()) continue;
      if (!ReadMember(member, role, depth, draft)) return false;
    }
    return true;
  }

  bool ReadMember(const JsonNode& member, std::string_view role, int depth, Draft& draft) {
    const std::string_view key = member.key();
    Message& message = draft.message;
    if (key == "role") {
      message.role = CanonicalRole(TextOf(member));
      if (message.role.empty()) message.role = WasCalled(TextOf(member)) ? "tool" : role;
      draft.is_message = true;
    } else if (key == "type") {
      draft.type = TextOf(member);
      if (IsOneOf(draft.type, {"function_call", "custom_tool_call", "tool_call", "tool_use",
                               "function_call_output", "custom_tool_call_output",
                               "tool_call_output", "tool_result"})) {
        draft.is_message = true;
      }
    } else if (IsOneOf(key, {"content", "parts", "text"})) {
      draft.is_message = true;
      return ReadContent(member, depth + 1, draft);
    } else if (IsOneOf(key, {"tool_calls", "toolCalls"})) {
      draft.is_message = true;
      ReadCallList(member, message.tool_calls);
    } else if (key == "function_call") {
      ToolCall call;
      if (member.is_object()) ReadCall(member, call);
      if (!call.name.empty()) message.tool_calls.push_back(call);
    } else if (IsOneOf(key, {"tool_call_id", "toolCallId", "tool_use_id"})) {
      message.tool_call_id = TextOf(member);
      draft.call.id = message.tool_call_id;
    } else if (key == "call_id") {
      draft.call.id = TextOf(member);
    } else if (key == "id") {
      draft.id = TextOf(member);
    } else if (key == "name") {
      draft.call.name = TextOf(member);
    } else if (IsOneOf(key, {"arguments", "args"})) {
      draft.call.arguments = TextOf(member);
    } else if (IsOneOf(key, {"finish_reason", "finishReason", "stop_reason"})) {
      message.finish_reason = TextOf(member);
    } else {
      return ReadContainer(member, role, depth, draft);
    }
    return true;
  }

  // Reads a member that holds messages, or is a part of this message.
  bool ReadContainer(const JsonNode& member, std::string_view role, int depth, Draft& draft) {
    const std::string_view key = member.key();
    if (IsOneOf(key, {"message", "kwargs", "data"})) {
      if (member.type() == Type::kInvalid) return false;
      if (!member.is_object() || depth >= kMaxDepth) return true;
      return ReadMessage(member, role, depth + 1, draft);
    }
    if (IsOneOf(key, {"system", "instructions"})) {
      return member.type() == Type::kNull || ReadList(member, "system", depth + 1);
    }
    if (key == "tools" && member.is_array()) {
      return ReadToolsCalled(member, draft);
    }
    if (IsOneOf(key, {"messages", "choices", "candidates", "contents", "generations"})) {
      return ReadList(member, role, depth + 1);
    }
    if (IsOneOf(key, {"input", "output"})) {
      if (member.type() == Type::kInvalid) return false;
      // A list of a request or response; else the arguments or the answer of a call.
      if (member.is_array() && draft.type.empty()) {
        return ReadList(member, key == "input" ? "user" : "assistant", depth + 1);
      }
      const std::string_view text = TextOf(member);
      if (key == "input") draft.call.arguments = text;
      draft.output = text;
    }
    return true;
  }

  // Of an answer, {"tools": [{"tool_name", ...}]} are calls. Other tools are offered.
  static bool ReadToolsCalled(const JsonNode& list, Draft& draft) {
    for (const JsonNode& item : list) {
      if (item.type() == Type::kInvalid) return false;
      if (!item.is_object() || item.Find("tool_name") == nullptr) continue;
      ReadCall(item, draft.message.tool_calls.emplace_back());
      draft.is_message = true;
    }
    return true;
  }

  bool ReadContent(const JsonNode& value, int depth, Draft& draft) {
    if (depth > kMaxDepth) return true;
    switch (value.type()) {
      case Type::kInvalid:
        return false;
      case Type::kString: {
        std::string_view text;
        if (!value.Text(text)) return false;
        draft.texts.push_back(text);
        return true;
      }
      case Type::kObject:  // Gemini: content {role, parts}
        return ReadMessage(value, {}, depth + 1, draft);
      case Type::kArray:
        for (const JsonNode& part : value) {
          if (part.type() == Type::kInvalid) return false;
          if (part.is_object()) ReadPart(part, draft);
          if (part.is_string()) draft.texts.push_back(TextOf(part));
        }
        return true;
      default:
        return true;
    }
  }

  // One part of a message: text, a tool call, a tool's answer; any other becomes "[type]".
  void ReadPart(const JsonNode& object, Draft& draft) {
    std::string_view type;
    std::string_view text;
    std::string_view answer;
    bool has_text = false;
    ToolCall call;
    for (const JsonNode& member : object) {
      const std::string_view key = member.key();
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
      } else if (IsOneOf(key, {"id", "toolCallId", "tool_use_id", "call_id", "tool_call_id",
                               "toolUseId"})) {
        if (call.id.empty()) call.id = TextOf(member);
      } else if (IsOneOf(key, {"name", "toolName"})) {
        call.name = TextOf(member);
      } else if (IsOneOf(key, {"arguments", "args", "input"})) {
        call.arguments = TextOf(member);
      } else if (IsOneOf(key, {"functionCall", "function_call", "toolUse", "toolRequest"})) {
        if (!member.is_object()) continue;
        ReadCall(member, call);
        type = "tool_call";
      } else if (IsOneOf(key,
                         {"functionResponse", "function_response", "toolResult", "toolResponse"})) {
        answer = TextOf(member);
        ReadAnswerOf(member, call, answer);
        type = "tool_result";
      }
    }
    if (IsOneOf(type, {"tool_call", "tool-call", "tool_use", "toolUse", "function_call",
                       "server_tool_use"})) {
      draft.message.tool_calls.push_back(call);
    } else if (IsOneOf(type, {"tool_call_response", "tool-result", "tool_result",
                              "function_call_output"})) {
      if (draft.has_tool_answer) {
        Message& more = draft.more_answers.emplace_back();
        more.content = answer;
        more.tool_call_id = call.id;
        return;
      }
      draft.has_tool_answer = true;
      draft.message.tool_call_id = call.id;
      draft.texts.push_back(answer);
    } else if (IsOneOf(type,
                       {"reasoning", "thinking", "redacted_thinking", "redacted-reasoning"})) {
      // Thoughts are not part of the answer.
    } else if (has_text) {
      draft.texts.push_back(text);
    } else if (!type.empty()) {
      draft.texts.push_back(json_.arena().Join({"[", type, "]"}));
    }
  }

  JsonTrees& json_;
  std::vector<Message>& out_;
  bool empty_list_ = false;
  bool broken_ = false;
};

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

void ReadMessages(std::string_view text, std::string_view role, JsonTrees& json,
                  std::vector<Message>& out) {
  if (text.empty()) return;
  const std::size_t before = out.size();
  MessageReader reader(json, out);
  const bool read = reader.ReadText(text, role, 0);
  if (reader.broken()) out.resize(before);
  if (reader.broken() || !read) reader.AddPlain(text, role);
}

void ReadToolCalls(std::string_view text, JsonTrees& json, std::vector<ToolCall>& out) {
  if (!LooksLikeJson(text)) return;
  const JsonNode* const root = json.Parse(text);
  if (root != nullptr) ReadCallList(*root, out);
}

}  // namespace halo
