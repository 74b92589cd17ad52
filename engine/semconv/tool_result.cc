// SPDX-License-Identifier: MIT
#include "engine/semconv/tool_result.h"

namespace halo {
namespace {

std::size_t SizeOf(const JsonNode& node) {
  std::size_t size = 0;
  for (auto item = node.begin(); item != node.end(); ++item) ++size;
  return size;
}

bool Says(const JsonNode& object, std::string_view key, std::string_view word) {
  const JsonNode* const member = object.Find(key);
  std::string_view text;
  return member != nullptr && member->Text(text) && text == word;
}

// A text, decoded; any other value as it is written.
std::string_view ValueOf(const JsonNode& node) {
  std::string_view text;
  return node.Text(text) ? text : node.written();
}

// The only block of a list of content; null if it is anything else.
const JsonNode* OnlyBlock(const JsonNode& list) {
  if (SizeOf(list) != 1) return nullptr;
  const JsonNode& block = *list.begin();
  if (!block.is_object()) return nullptr;
  const std::size_t size = SizeOf(block);
  if (const JsonNode* const value = block.Find("json"); value != nullptr && size == 1) return value;
  const JsonNode* const text = block.Find("text");
  const bool plain = size == 1 || (size == 2 && Says(block, "type", "text"));
  return text != nullptr && text->is_string() && plain ? text : nullptr;
}

// The content of a tool's message; null if it is not one, or says that the tool failed.
const JsonNode* ContentOf(const JsonNode& message) {
  const JsonNode* body = &message;
  if (message.Find("lc") != nullptr) {
    body = message.Find("kwargs");
    if (body == nullptr || !body->is_object()) return nullptr;
  } else if (!Says(message, "type", "tool")) {
    return nullptr;
  }
  return Says(*body, "status", "error") ? nullptr : body->Find("content");
}

const JsonNode* Inside(const JsonNode& root) {
  if (root.is_array()) return OnlyBlock(root);
  if (!root.is_object()) return nullptr;
  if (const JsonNode* const content = ContentOf(root)) return content;
  const JsonNode* const output = root.Find("output");
  if (output == nullptr || !output->is_object() || SizeOf(root) != 1) return nullptr;
  return ContentOf(*output);
}

}  // namespace

Located WithoutWrapping(const Located& result, JsonTrees& json) {
  if (!result.text.starts_with("[{\"") && !result.text.starts_with("{\"")) return result;
  // Each wrapping begins with one of these names.
  const std::string_view head = result.text.substr(0, 16);
  bool may_wrap = false;
  for (const char* const name : {"json\"", "text\"", "type\"", "lc\"", "output\""}) {
    may_wrap = may_wrap || head.find(name) != head.npos;
  }
  const JsonNode* const root = may_wrap ? json.Parse(result.text) : nullptr;
  const JsonNode* const inside = root == nullptr || !root->is_alone() ? nullptr : Inside(*root);
  if (inside == nullptr) return result;
  Located out = result;
  out.text = ValueOf(*inside);
  return out;
}

}  // namespace halo
