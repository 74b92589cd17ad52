// SPDX-License-Identifier: MIT
// Puts lists together that were flattened into attributes, such as
// "llm.input_messages.10.message.role", in numeric order.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"
#include "engine/semconv/convention.h"

namespace halo {

// One attribute of such a list.
struct FlatItem {
  FlatList list = FlatList::kMessagesIn;
  FlatPart part = FlatPart::kRole;
  std::uint32_t outer = 0;
  std::uint32_t inner = 0;
  std::string_view text;
  std::string_view key;
  std::uint8_t convention = 0;
};

// Where emitters give a list in two conventions, keeps the items of the more trusted one.
void KeepMostTrusted(std::vector<FlatItem>& items);

// Sorts items as the lists are read. Most often they are sorted.
void SortItems(std::vector<FlatItem>& items);

// The messages of `list`, appended. `items` are sorted. `role` is for messages that name none.
void BuildMessages(const std::vector<FlatItem>& items, FlatList list, std::string_view role,
                   JsonTrees& json, std::vector<Message>& out);

void BuildTools(const std::vector<FlatItem>& items, JsonTrees& json,
                std::vector<ToolDefinition>& out);

}  // namespace halo
