// SPDX-License-Identifier: MIT
// Paging of the protocol's lists. A cursor is opaque and names its list, so that a cursor of
// another list or an invented one is refused. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "server/protocol/json_rpc.h"

namespace halo {

struct Page {
  std::size_t begin = 0, end = 0;
  std::string next_cursor;  // empty on the last page
};

// The page of a list of `size` items that `params.cursor` selects.
boost::system::result<Page, RpcError> PageOf(const boost::json::object& params,
                                             std::string_view list, std::size_t size,
                                             std::size_t page_size = 50);

}  // namespace halo
