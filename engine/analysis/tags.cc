// SPDX-License-Identifier: MIT
#include "engine/analysis/tags.h"

#include <algorithm>

#include "engine/json/json_tree.h"

namespace halo {
namespace {

// False, without changing `tags`, if the text is not a JSON array.
bool AddJsonTags(std::string_view text, std::vector<std::string>& tags) {
  if (!text.starts_with('[')) return false;
  JsonTrees json;
  const JsonNode* const list = json.Parse(text);
  if (list == nullptr || !list->is_valid() || !list->is_alone()) return false;
  for (const JsonNode& item : *list) {
    std::string_view tag;
    if (item.Text(tag)) tags.emplace_back(tag);
  }
  return true;
}

}  // namespace

void AddTags(std::string_view text, std::vector<std::string>& tags) {
  if (AddJsonTags(text, tags)) return;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view tag = text.substr(0, comma);
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    if (!tag.empty()) tags.emplace_back(tag);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

}  // namespace halo
