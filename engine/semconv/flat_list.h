// SPDX-License-Identifier: MIT
// Rebuilds lists that were flattened into attributes, such as "llm.input_messages.10.message.role",
// in numeric order. Texts are views of the items, or of `json` until its Reset.
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

// If an emitter gives a list in two conventions, keeps the items of the more trusted one.
void KeepMostTrusted(std::vector<FlatItem>& items);

// Sorts items into the order that BuildMessages and BuildTools need. Most are already sorted.
void SortItems(std::vector<FlatItem>& items);

// Appends the messages of `list`. `items` must be sorted. `role` is for messages without a role.
void BuildMessages(const std::vector<FlatItem>& items, FlatList list, std::string_view role,
                   JsonTrees& json, std::vector<Message>& out);

void BuildTools(const std::vector<FlatItem>& items, JsonTrees& json,
                std::vector<ToolDefinition>& out);

}  // namespace halo
