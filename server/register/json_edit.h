// SPDX-License-Identifier: MIT
// Changes single values in the text of a JSON document and preserves every other byte: comments,
// order, white space. Each result is parsed again and compared with the intended document. Pure;
// any thread. Documents may be nested up to 256 levels.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// Keys from the root down.
using JsonPath = std::vector<std::string>;

enum class JsonDialect {
  kStrict,
  kWithComments,  // and trailing commas, as editors allow
};

// An empty text counts as an empty object. The root must be an object. Errors name the line.
Result<boost::json::value> ParseJsonText(std::string_view text, JsonDialect dialect);

// Sets the value at the path, creating the objects that lead there. Fails if one of them is not an
// object.
Result<std::string> SetJsonValue(std::string_view text, const JsonPath& path,
                                 const boost::json::value& value, JsonDialect dialect);

// Removes the member at the path. Returns the same text if there is none.
Result<std::string> RemoveJsonValue(std::string_view text, const JsonPath& path,
                                    JsonDialect dialect);

// The value at the path, or null.
const boost::json::value* FindJsonValue(const boost::json::value& root, const JsonPath& path);

}  // namespace halo
