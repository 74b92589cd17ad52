// SPDX-License-Identifier: MIT
#include "engine/sources/reply_json.h"

#include <charconv>

#include "engine/base/rfc3339.h"
#include "engine/json/json_slices.h"
#include "engine/json/json_tree.h"

namespace halo {
namespace {

std::optional<std::int64_t> NumberText(std::string_view written) {
  std::int64_t number = 0;
  const char* const end = written.data() + written.size();
  const auto [at, error] = std::from_chars(written.data(), end, number);
  if (written.empty() || error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace

std::string DecodedText(std::string_view written) {
  JsonTrees trees;
  const JsonNode* const node = trees.Parse(written);
  std::string_view text;
  return node && node->Text(text) ? std::string(text) : std::string();
}

std::string TextMember(std::string_view object, std::string_view key) {
  const std::string_view written = MemberText(object, key);
  return written.starts_with('"') ? DecodedText(written) : std::string();
}

std::int64_t TimeMember(std::string_view object, std::string_view key) {
  return ParseRfc3339(TextMember(object, key)).value_or(0);
}

std::optional<std::int64_t> IntegerMember(std::string_view object, std::string_view key) {
  return NumberText(MemberText(object, key));
}

std::vector<std::string> TextItems(std::string_view array) {
  std::vector<std::string> out;
  ForEachItemText(array, [&](std::string_view item) {
    if (item.starts_with('"')) out.push_back(DecodedText(item));
  });
  return out;
}

Result<ReplyPage> ReadPage(std::string_view body, std::string_view what) {
  ReplyPage page;
  bool has_data = false;
  const bool is_object = ForEachMemberText(body, [&](std::string_view key, std::string_view value) {
    if (key == "data") {
      has_data = ForEachItemText(value, [&](std::string_view item) { page.items.push_back(item); });
    } else if (key == "next_cursor") {
      page.cursor = value.starts_with('"') ? DecodedText(value) : std::string();
    } else if (key == "meta") {
      page.cursor = TextMember(value, "cursor");
      page.total_items = IntegerMember(value, "totalItems");
      page.total_pages = IntegerMember(value, "totalPages");
    }
  });
  if (is_object && has_data) return page;
  return Error{Code::kCorrupt, "the answer for " + std::string(what) +
                                   " is not the JSON that was expected. Check that the address is "
                                   "that of the service"};
}

}  // namespace halo
