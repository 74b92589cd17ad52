// SPDX-License-Identifier: MIT
#include "server/protocol/paging.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "tools/common/cursor.h"

namespace halo {
namespace {

struct ListCursor {
  std::string list;
  std::int64_t from = 0;

  static constexpr auto Fields() {
    return std::tuple{Field("list", &ListCursor::list),
                      Field("from", &ListCursor::from, "", {0, 1e9})};
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
    const Result<ListCursor> cursor_value = text ? DecodeCursor<ListCursor>(*text) : WrongCursor();
    if (!cursor_value || cursor_value->list != list) {
      return RpcError{kInvalidParams,
                      "Invalid params: unknown cursor; pass a nextCursor returned by " +
                          std::string(list) + ", or no cursor for the first page"};
    }
    // The list may have shrunk since.
    page.begin = std::min(static_cast<std::size_t>(cursor_value->from), size);
  }
  page.end = std::min(page.begin + page_size, size);
  if (page.end < size) {
    page.next_cursor =
        EncodeCursor(ListCursor{std::string(list), static_cast<std::int64_t>(page.end)});
  }
  return page;
}

}  // namespace halo
