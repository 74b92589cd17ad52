// SPDX-License-Identifier: MIT
#include "engine/analysis/tags.h"

#include <algorithm>

#include "engine/json/json_document.h"

namespace halo {
namespace {

// Leaves `tags` alone and returns false for what is not a JSON array.
bool AddJsonTags(std::string_view text, std::vector<std::string>& tags) {
  if (!text.starts_with('[')) return false;
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(text.data(), text.size()).get_array().get(array) != simdjson::SUCCESS) {
    return false;
  }
  for (const simdjson::dom::element element : array) {
    std::string_view tag;
    if (element.get_string().get(tag) == simdjson::SUCCESS) tags.emplace_back(tag);
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
