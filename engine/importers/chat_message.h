// SPDX-License-Identifier: MIT
// One message of a chat transcript, in the shapes in which people keep them: OpenAI chat messages
// (tool_calls, the older function_call) and Responses items, Anthropic blocks, Gemini parts,
// LangChain messages, and the flat calls of benchmarks. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"

namespace halo {

struct ChatCall {
  std::string_view id, name;
  Value arguments;  // kNull: none given
};

struct ChatResult {
  std::string_view id, name;
  Value value;
  bool failed = false;  // the message says so: is_error, error, status
};

struct ChatMessage {
  enum class Role : std::uint8_t { kNone, kSystem, kUser, kAssistant, kTool };
  Role role = Role::kNone;  // kNone: not a message
  bool is_item = false;     // an item of a Responses list, which holds several for one model call
  bool has_text = false;
  bool of_user = false;  // the tool call or result is that of a simulated user
  std::vector<ChatCall> calls;
  std::vector<ChatResult> results;
  std::string_view model, finish_reason, usage;  // `usage` is a JSON object
  double cost_usd = -1;                          // -1: not given
  std::int64_t time_ns = 0;                      // 0: not given
};

// Texts are views of the tree, or in `arena`.
void ReadChatMessage(const JsonNode& object, Arena& arena, ChatMessage& out);

// The value as an attribute has it: a text decoded, an object or list as JSON.
Value PlainValue(const JsonNode& node);
// The text of a string; empty for anything else, and for null.
std::string_view TextOf(const JsonNode* node);
// The time in a number in any unit or in a text; 0 if it holds no time.
std::int64_t TimeOf(const JsonNode* node);
// The texts of a list of blocks that are all text, joined by line feeds; else the value itself.
Value ResultValue(const JsonNode& content, Arena& arena);

}  // namespace halo
