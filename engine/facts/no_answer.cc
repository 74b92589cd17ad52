// SPDX-License-Identifier: MIT
#include "engine/facts/no_answer.h"

#include <algorithm>
#include <initializer_list>

#include "engine/base/ascii.h"

namespace halo {
namespace {

bool HasAny(const JsonNode& object, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](std::string_view key) { return object.Find(key) != nullptr; });
}

bool IsToolCall(const JsonNode& node) {
  if (!node.is_object()) return false;
  const bool has_arguments = HasAny(node, {"args", "arguments", "input"});
  return HasAny(node, {"toolCallId", "tool_call_id"}) && HasAny(node, {"toolName", "tool_name"}) &&
         has_arguments && !HasAny(node, {"result", "output"});
}

bool IsBlankText(const JsonNode& node) {
  std::string_view text;
  if (node.type() == JsonNode::Type::kNull) return true;
  return node.Text(text) && std::all_of(text.begin(), text.end(), ascii::IsSpace);
}

}  // namespace

bool HoldsNoAnswer(std::string_view text, JsonTrees& json) {
  const std::string_view trimmed = ascii::Trim(text);
  if (trimmed.empty() || (trimmed[0] != '[' && trimmed[0] != '{')) return false;
  const JsonNode* const root = json.Parse(text);
  if (root == nullptr || !root->is_valid()) return false;
  if (root->is_array()) {
    for (const JsonNode& item : *root) {
      if (!IsToolCall(item)) return false;
    }
    return root->begin() != root->end();
  }
  if (!root->is_object()) return false;
  const JsonNode* const said = root->Find("text");
  if (said == nullptr || !IsBlankText(*said) || HasAny(*root, {"object"})) return false;
  return HasAny(*root, {"files", "toolCalls", "finishReason", "steps"});
}

}  // namespace halo
