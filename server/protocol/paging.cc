// SPDX-License-Identifier: MIT
#include "server/protocol/paging.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "tools/common/cursor.h"

namespace halo {
namespace {

struct ListPlace {
  std::string list;
  std::int64_t from = 0;

  static constexpr auto Fields() {
    return std::tuple{Field("list", &ListPlace::list),
                      Field("from", &ListPlace::from, "", {0, 1e9})};
  }
};

}  // namespace

boost::system::result<Page, RpcError> PageOf(const boost::json::object& params,
                                             std::string_view list, std::size_t size,
                                             std::size_t page_size) {
  Page page;
  const boost::json::value* cursor = params.if_contains("cursor");
  if (cursor && !cursor->is_null()) {
    const boost::json::string* text = cursor->if_string();
    const Result<ListPlace> place = text ? DecodeCursor<ListPlace>(*text) : WrongCursor();
    if (!place || place->list != list) {
      return RpcError{kInvalidParams,
                      "Invalid params: unknown cursor; pass the nextCursor of an earlier page of " +
                          std::string(list) + ", or none for the first page"};
    }
    // The list may have become shorter since.
    page.begin = std::min(static_cast<std::size_t>(place->from), size);
  }
  page.end = std::min(page.begin + page_size, size);
  if (page.end < size) {
    page.next_cursor =
        EncodeCursor(ListPlace{std::string(list), static_cast<std::int64_t>(page.end)});
  }
  return page;
}

}  // namespace halo
