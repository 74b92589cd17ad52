// SPDX-License-Identifier: MIT
// Reads the JSON answers of services: the few values that paging needs, and the rest as written.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// One page: the items of `data` as written (views of the body), and how to go on.
struct ReplyPage {
  std::vector<std::string_view> items;
  std::string cursor;  // meta.cursor or next_cursor; empty: none
  std::optional<std::int64_t> total_items, total_pages;
};

// kCorrupt if the body is not such a page; `what` was asked for.
Result<ReplyPage> ReadPage(std::string_view body, std::string_view what);

// The decoded text of a string member of an object as written; empty if it has none.
std::string TextMember(std::string_view object, std::string_view key);
// A time in RFC 3339, as nanoseconds since 1970; 0 if there is none.
std::int64_t TimeMember(std::string_view object, std::string_view key);
// An integer; nullopt if there is none.
std::optional<std::int64_t> IntegerMember(std::string_view object, std::string_view key);
// The decoded strings of an array as written.
std::vector<std::string> TextItems(std::string_view array);
// The decoded text of a string as written.
std::string DecodedText(std::string_view written);

}  // namespace halo
