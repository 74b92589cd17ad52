// SPDX-License-Identifier: MIT
#include "engine/semconv/flat_list.h"

#include <algorithm>
#include <tuple>

#include "engine/semconv/message_json.h"
#include "engine/semconv/tool_definitions.h"

namespace halo {
namespace {

bool IsBefore(const FlatItem& a, const FlatItem& b) {
  return std::tie(a.list, a.outer, a.inner, a.part) < std::tie(b.list, b.outer, b.inner, b.part);
}

void AddText(std::string_view text, Arena& arena, std::string_view& content) {
  if (text.empty()) return;
  content = content.empty() ? text : arena.Join({content, "\n", text});
}

}  // namespace

void KeepMostTrusted(std::vector<FlatItem>& items) {
  for (const FlatList list : {FlatList::kMessagesIn, FlatList::kMessagesOut, FlatList::kTools}) {
    std::uint8_t best = UINT8_MAX;
    for (const FlatItem& item : items) {
      if (item.list == list) best = std::min(best, item.convention);
    }
    std::erase_if(
        items, [&](const FlatItem& item) { return item.list == list && item.convention != best; });
  }
}

void SortItems(std::vector<FlatItem>& items) {
  if (!std::is_sorted(items.begin(), items.end(), IsBefore)) {
    std::stable_sort(items.begin(), items.end(), IsBefore);
  }
}

void BuildMessages(const std::vector<FlatItem>& items, FlatList list, std::string_view role,
                   JsonTrees& json, std::vector<Message>& out) {
  std::uint32_t outer = UINT32_MAX;  // above every index
  std::uint32_t call = 0;
  bool in_call = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const FlatItem& item = items[i];
    if (item.list != list) continue;
    if (item.outer != outer) {
      outer = item.outer;
      in_call = false;
      out.emplace_back();
      out.back().role = role;
    }
    Message& message = out.back();
    switch (item.part) {
      case FlatPart::kRole: {
        const std::string_view known = CanonicalRole(item.text);
        message.role = known.empty() ? item.text : known;
        break;
      }
      case FlatPart::kContent:
        // Some emitters write a text both as the content and as the only part of it.
        if (item.text != message.content) AddText(item.text, json.arena(), message.content);
        break;
      case FlatPart::kContentType: {
        // Matters only for a part without text; a text would be the previous item.
        const bool has_text = i > 0 && items[i - 1].part == FlatPart::kContent &&
                              items[i - 1].outer == item.outer && items[i - 1].inner == item.inner;
        if (!has_text && item.text != "text") {
          AddText(json.arena().Join({"[", item.text, "]"}), json.arena(), message.content);
        }
        break;
      }
      case FlatPart::kToolCallId:
        message.tool_call_id = item.text;
        break;
      case FlatPart::kFinishReason:
        message.finish_reason = item.text;
        break;
      case FlatPart::kCallId:
      case FlatPart::kCallName:
      case FlatPart::kCallArguments: {
        if (!in_call || call != item.inner) {
          in_call = true;
          call = item.inner;
          message.tool_calls.emplace_back();
        }
        ToolCall& target = message.tool_calls.back();
        if (item.part == FlatPart::kCallId) target.id = item.text;
        if (item.part == FlatPart::kCallName) target.name = item.text;
        if (item.part == FlatPart::kCallArguments) target.arguments = item.text;
        break;
      }
      case FlatPart::kCalls:
        ReadToolCalls(item.text, json, message.tool_calls);
        break;
      case FlatPart::kToolName:
      case FlatPart::kToolParameters:
      case FlatPart::kToolDefinition:
        break;
    }
  }
}

void BuildTools(const std::vector<FlatItem>& items, JsonTrees& json,
                std::vector<ToolDefinition>& out) {
  for (std::size_t i = 0; i < items.size();) {
    if (items[i].list != FlatList::kTools) {
      ++i;
      continue;
    }
    ToolDefinition tool;
    const std::size_t before = out.size();
    const std::uint32_t outer = items[i].outer;
    for (; i < items.size() && items[i].list == FlatList::kTools && items[i].outer == outer; ++i) {
      if (items[i].part == FlatPart::kToolName) tool.name = items[i].text;
      if (items[i].part == FlatPart::kToolParameters) tool.parameters = items[i].text;
      if (items[i].part == FlatPart::kToolDefinition) {
        ReadToolDefinitions(items[i].text, json, out);
      }
    }
    // A schema without the name, which is an attribute of its own.
    if (out.size() == before + 1 && out.back().name.empty() && !tool.name.empty()) {
      if (tool.parameters.empty()) tool.parameters = out.back().parameters;
      tool.description = out.back().description;
      out.pop_back();
    }
    if (out.size() == before) out.push_back(tool);
  }
}

}  // namespace halo
