// SPDX-License-Identifier: MIT
// The icon of this server. Pure; any thread.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

namespace halo {

// A ring: small enough to send with every item that may have an icon.
inline constexpr std::string_view kHaloIcon =
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%3E%3Cellipse%20cx='8'%20cy='8'"
    "%20rx='7'%20ry='4'%20fill='none'%20stroke='%23e90'/%3E%3C/svg%3E";

// The value of an `icons` member.
inline boost::json::array Icons(std::string_view source) {
  return {boost::json::object{{"src", source}, {"mimeType", "image/svg+xml"}}};
}

}  // namespace halo
