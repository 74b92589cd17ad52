// SPDX-License-Identifier: MIT
// Lists flattened into attributes, such as "llm.input_messages.10.message.role", made into lists
// again, in numeric order.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"
#include "engine/semconv/convention.h"

namespace halo {

// One attribute of such a list. `text` is its value, `path` and `whole` as in Located.
struct FlatItem {
  FlatList list = FlatList::kMessagesIn;
  FlatPart part = FlatPart::kRole;
  std::uint32_t outer = 0;
  std::uint32_t inner = 0;
  std::string_view text;
  std::string_view key;
};

// Brings items into the order in which the lists are read. Almost always they are.
void SortItems(std::vector<FlatItem>& items);

// The messages of `list`, appended. `items` are sorted. `role` is for messages that name none.
void BuildMessages(const std::vector<FlatItem>& items, FlatList list, std::string_view role,
                   Arena& arena, std::vector<Message>& out);

void BuildTools(const std::vector<FlatItem>& items, JsonTrees& json,
                std::vector<ToolDefinition>& out);

}  // namespace halo
